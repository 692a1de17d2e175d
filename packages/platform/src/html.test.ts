import { expect, test } from 'vitest';
import { html, joined } from './html.ts';

test('what is put into a template is text, and can neither open nor close anything', () => {
  const hostile = `"><script>alert('1')</script>&amp;`;

  expect(html`<a title="${hostile}">${hostile}</a>`.markup).toBe(
    '<a title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;">&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;</a>',
  );
});

test('markup is put in as it is, lists one after the other, and nothing for nothing', () => {
  const items = [html`<b>1</b>`, html`<b>2</b>`];

  expect(html`<p>${items}${null}${undefined}${false}${0}${joined(items, ' & ')}</p>`.markup).toBe(
    '<p><b>1</b><b>2</b>0<b>1</b> &amp; <b>2</b></p>',
  );
});
