import { type Html, html } from '@vitrine/platform/html';
import { href, plural, ROOT } from './markup/links.ts';
import type { Page } from './page.ts';
import { type Operation, operationKinds, type Reference } from './reference.ts';

export interface Frame {
  readonly reference: Reference;
  /** Where the page is, without `/docs`: `/mutation/placeOrder`. */
  readonly path: string;
  readonly audiences: readonly string[];
  /** Changes with the content of style sheet and script. */
  readonly assets: { readonly css: string; readonly js: string };
}

const guides = [
  ['/', 'Overview'],
  ['/examples', 'Examples'],
  ['/errors', 'Errors'],
  ['/access', 'Access and scopes'],
  ['/cost', 'Cost and limits'],
  ['/webhooks', 'Webhooks'],
  ['/deprecations', 'Deprecations'],
  ['/types', 'All types'],
] as const;

/** A whole document: what every page has around its own content. */
export function documentOf(page: Page, frame: Frame): string {
  const { reference, path, assets } = frame;
  const title = path === '/' ? 'Vitrine graph reference' : `${page.title} · Vitrine graph`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<meta name="description" content="${page.description}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${ROOT}/assets/docs.css?v=${assets.css}">
<script defer src="${ROOT}/assets/docs.js?v=${assets.js}"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
  <a class="brand" href="${href(reference, '/')}">Vitrine <span>graph</span></a>
  ${searchBox(reference)}
  ${audienceChoice(frame)}
  <a class="try" href="/">GraphiQL</a>
</header>
<div class="columns">
<nav class="side" aria-label="Reference"><details data-wide-open>
  <summary>Browse the graph</summary>
  ${navigation(frame)}
</details></nav>
<main id="content">${page.body}</main>
</div>
</body>
</html>
`.markup;
}

const searchBox = ({
  audience,
}: Reference): Html => html`<form class="search" action="${ROOT}/search" role="search">
    <input type="search" name="q" placeholder="Search the graph" aria-label="Search the graph" autocomplete="off" data-search="${ROOT}/search.json${audience === null ? '' : `?audience=${audience}`}">
    ${audience !== null && html`<input type="hidden" name="audience" value="${audience}">`}
    <ul class="hits" hidden></ul>
  </form>`;

function audienceChoice({ reference, audiences, path }: Frame): Html | null {
  if (audiences.length < 2) return null;
  const choices = [null, ...audiences.filter((name) => name !== 'public')];
  return html`<nav class="audience" aria-label="Audience">${choices.map(
    (audience) =>
      html`<a href="${href({ audience }, path)}"${audience === reference.audience && html` aria-current="true"`}>${audience ?? 'all'}</a>`,
  )}</nav>`;
}

function navigation({ reference, path }: Frame): Html {
  const link = (to: string, text: string): Html =>
    html`<li><a href="${href(reference, to)}"${to === path && html` aria-current="page"`}>${text}</a></li>`;
  return html`<ul>${guides.map(([to, text]) => link(to, text))}</ul>
  ${operationKinds.map((kind) => {
    const own = reference.operations.filter((operation) => operation.kind === kind);
    if (own.length === 0) return null;
    return html`<h2><a href="${href(reference, `/${plural[kind]}`)}">${titles[kind]}</a></h2>
    ${byArea(own).map(
      ([area, operations]) =>
        html`<h3>${area}</h3><ul>${operations.map(({ field }) => link(`/${kind}/${field.name}`, field.name))}</ul>`,
    )}`;
  })}`;
}

export const titles = {
  query: 'Queries',
  mutation: 'Mutations',
  subscription: 'Subscriptions',
} as const;

/** Operations by the part of the business they are about. */
export function byArea(operations: readonly Operation[]): [string, Operation[]][] {
  const areas = new Map<string, Operation[]>();
  for (const operation of operations) {
    areas.set(operation.area, [...(areas.get(operation.area) ?? []), operation]);
  }
  return [...areas].toSorted(([one], [other]) => (one < other ? -1 : 1));
}
