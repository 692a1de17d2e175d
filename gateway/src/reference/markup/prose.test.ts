import { html } from '@vitrine/platform/html';
import { expect, test } from 'vitest';
import { smallReference } from '../small-reference.fixture.ts';
import { inline, prose, summary } from './prose.ts';

const reference = smallReference();
const text = (parts: ReturnType<typeof inline>): string => html`${parts}`.markup;

test('code links to what it names: a coordinate, a member of the same type, an operation', () => {
  expect(text(inline(reference, '`Shop.name` or `name` or `openShop`', 'Shop'))).toBe(
    '<a href="/docs/type/Shop#name"><code>Shop.name</code></a> or <a href="/docs/type/Shop#name"><code>name</code></a> or <a href="/docs/mutation/openShop"><code>openShop</code></a>',
  );
});

test('code that names nothing is code, and markup is text', () => {
  expect(text(inline(reference, '`nothing` <b> `', 'Shop'))).toBe(
    '<code>nothing</code> &lt;b&gt; `',
  );
});

test('links stay with the audience that is read about', () => {
  expect(text(inline(smallReference('seller'), '`Shop.name`'))).toContain(
    'href="/docs/type/Shop?audience=seller#name"',
  );
});

test('paragraphs and lists are told apart', () => {
  expect(text(prose(reference, 'One\nline.\n\n- a\n- b\n\nTwo.'))).toBe(
    '<p>One line.</p><ul><li>a</li><li>b</li></ul><p>Two.</p>',
  );
  expect(prose(reference, null)).toEqual([]);
});

test('a summary is the first sentence', () => {
  expect(summary('An id such as `prd_01J…`. Opaque.')).toBe('An id such as `prd_01J…`.');
  expect(summary('At 1.5 times, e.g. twice\nas much')).toBe('At 1.5 times, e.g. twice as much');
  expect(summary(undefined)).toBe('');
});
