import { html } from '@vitrine/platform/html';
import { expect, test } from 'vitest';
import { highlighted } from './highlight.ts';

test('GraphQL is marked word by word and loses nothing', () => {
  const source =
    'query A($id: ID!) { a(id: $id, n: 12, s: "<b> query") @skip(if: true) { b } } # on';
  const { markup } = html`${highlighted(source)}`;

  expect(markup).toContain('<span class="t-keyword">query</span> A(');
  expect(markup).toContain('<span class="t-string">&quot;&lt;b&gt; query&quot;</span>');
  expect(markup).toContain('<span class="t-directive">@skip</span>');
  expect(markup).toContain('<span class="t-comment"># on</span>');
  expect(
    markup
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>'),
  ).toBe(source);
});
