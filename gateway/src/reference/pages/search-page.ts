import { html } from '@vitrine/platform/html';
import type { Page } from '../page.ts';
import { type Entry, search } from '../search.ts';

/** Results for those whose browser runs no script, and for those who press Enter. */
export function searchPage(entries: readonly Entry[], text: string): Page {
  const found = search(entries, text);
  return {
    title: `Search: ${text}`,
    description: 'Search the Vitrine graph.',
    body: html`<h1>Search</h1>
    <p class="lead">${found.length === 0 ? 'Nothing is called or described like' : 'What is called or described like'} <code>${text}</code>${found.length === 0 ? '.' : ':'}</p>
    <ul class="entries">${found.map(
      ({ name, kind, url, text: about }) =>
        html`<li><a href="${url}"><code>${name}</code></a> <span class="hint">${kind}</span><p>${about}</p></li>`,
    )}</ul>`,
  };
}
