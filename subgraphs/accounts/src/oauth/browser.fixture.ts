import { expect } from 'vitest';

/** A page as a browser shows it. */
export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly html: string;
  readonly headers: Headers;
}

/** Where a browser would leave the platform, with what it brings along. */
export interface Departure {
  readonly url: URL;
}

/** A browser without scripts: it keeps cookies by their paths, follows redirects within a site, and posts forms. */
export function openBrowser(origin: string) {
  const cookies = new Map<string, { readonly value: string; readonly path: string }>();

  async function send(url: URL, init: RequestInit = {}): Promise<Page | Departure> {
    const mine = [...cookies]
      .filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`);
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: mine.join('; '), ...init.headers },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/';
      if (value === '') cookies.delete(name);
      else cookies.set(name, { value, path });
    }
    const location = response.headers.get('location');
    if (location !== null && response.status >= 300 && response.status < 400) {
      const next = new URL(location, url);
      await response.body?.cancel();
      return next.origin === origin ? send(next) : { url: next };
    }
    return {
      url,
      status: response.status,
      html: await response.text(),
      headers: response.headers,
    };
  }

  return {
    cookies,
    open: (url: URL | string) => send(new URL(url)),
    /** Posts a form of the page, found by the end of its action. */
    submit(page: Page, action: string, fields: readonly (readonly [string, string])[] = []) {
      const target = [...page.html.matchAll(/<form method="post" action="([^"]+)"/g)]
        .map((match) => match[1] ?? '')
        .find((path) => path.endsWith(action));
      expect(target, `a form to ${action} on ${page.html}`).toBeDefined();
      return send(new URL(target ?? '', page.url), {
        method: 'POST',
        body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])),
        headers: { 'sec-fetch-site': 'same-origin' },
      });
    },
  };
}

export type Browser = ReturnType<typeof openBrowser>;

export function pageOf(result: Page | Departure): Page {
  if (!('html' in result)) throw new Error(`left for ${result.url}`);
  return result;
}

export function departureOf(result: Page | Departure): URL {
  if ('html' in result)
    throw new Error(`stayed at ${result.url} (${result.status}): ${result.html}`);
  return result.url;
}
