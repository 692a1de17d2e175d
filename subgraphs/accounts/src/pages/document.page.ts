import { createHash } from 'node:crypto';
import { type Html, html } from '@vitrine/platform/html';

export interface PageContent {
  readonly title: string;
  readonly body: Html;
}

const css = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:34rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}
h2{font-size:1.1rem}
label{display:block;margin:.75rem 0}
input:not([type=checkbox]){display:block;width:100%;box-sizing:border-box;padding:.5rem;font:inherit}
button{padding:.5rem 1rem;font:inherit;cursor:pointer}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
ul{padding-left:1.2rem}
fieldset{margin:1rem 0;border:1px solid GrayText;border-radius:4px}
img{border-radius:8px}
.answers button{margin-right:.5rem;min-width:7rem}
button.link{border:0;padding:0;background:none;color:LinkText;text-decoration:underline}
.problem{border-left:4px solid #c33;padding-left:.75rem}`;

const styleHash = createHash('sha256').update(css).digest('base64');

/**
 * Says what a page may do: nothing but this style sheet and forms to where it came from. Nothing is
 * loaded from anywhere, so no address of it, with a token inside, is told to anybody.
 */
export const contentSecurityPolicy = (formTargets: readonly string[] = ["'self'"]): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "img-src 'self' data:",
    `form-action ${formTargets.join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');

/** A whole document around the content of a page. It needs no script. */
export const documentOf = ({ title, body }: PageContent): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title} · Vitrine</title>
<link rel="icon" href="data:,">
<style>${{ markup: css }}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.markup;
