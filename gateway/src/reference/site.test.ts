import { readFileSync } from 'node:fs';
import { topics } from '@vitrine/events/topics/topics';
import { expect, test } from 'vitest';
import { loadExamples } from '../examples.ts';
import { loadGraph } from '../execution/graph.ts';
import { errorMeanings } from './error-codes.ts';
import { referenceOf } from './reference.ts';
import { search } from './search.ts';
import { pathsOf, siteOf } from './site.ts';
import { smallReference } from './small-reference.fixture.ts';

const frame = { audiences: ['public', 'seller'], assets: { css: '1', js: '2' } };

function realSite(file: string, audience: string | null) {
  const url = new URL(`../../../schema/${file}`, import.meta.url);
  const reference = referenceOf(loadGraph(readFileSync(url, 'utf8')), loadExamples(), audience);
  return { reference, site: siteOf({ reference, ...frame }) };
}

const page = (path: string, audience: string | null = null): string => {
  const made = siteOf({ reference: smallReference(audience), ...frame }).page(path);
  if (made === null) throw new Error(`no page ${path}`);
  return made;
};

test.for([
  ['supergraph.graphql', null],
  ['contracts/seller.supergraph.graphql', 'seller'],
] as const)(
  'every page of %s has a title of its own, unique anchors, nothing inline, and links that lead somewhere',
  ([file, audience]) => {
    const { reference, site } = realSite(file, audience);
    const titles = new Set<string>();
    const anchors = new Map<string, Set<string>>();
    const links: [string, string][] = [];
    for (const path of pathsOf(reference)) {
      const document = site.page(path) ?? '';
      titles.add(/<title>(.+)<\/title>/.exec(document)?.[1] ?? '');
      const ids = [...document.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id);
      expect(
        ids.filter((id, i) => ids.indexOf(id) !== i),
        path,
      ).toEqual([]);
      anchors.set(path, new Set(ids));
      expect(document, path).not.toMatch(/ style=|<style| on\w+=|<script(?![^>]* src=)/);
      for (const [, href = ''] of document.matchAll(/ href="([^"]+)"/g)) links.push([path, href]);
    }
    expect(titles.size).toBe(pathsOf(reference).length);

    const query = audience === null ? '' : `?audience=${audience}`;
    const broken = links.filter(([from, href]) => {
      if (!/^(\/docs|#)/.test(href) || href.startsWith('/docs/assets/')) return false;
      const [address = '', anchor] = href.split('#');
      const [path = '', ownQuery = ''] = address.split('?');
      // The choice of an audience is the one link that leaves it.
      const leaves = address !== '' && (ownQuery && `?${ownQuery}`) !== query;
      const at = address === '' ? from : path.slice('/docs'.length) || '/';
      const ids = anchors.get(at);
      return leaves ? at !== from : !ids || (anchor !== undefined && !ids.has(anchor));
    });
    expect(broken).toEqual([]);
    const lost = site.entries.filter(({ url }) => {
      const [address = '', anchor] = url.split('#');
      const ids = anchors.get(address.replace(query, '').slice('/docs'.length));
      return !ids || (anchor !== undefined && !ids.has(anchor));
    });
    expect(lost).toEqual([]);
  },
);

test('an operation tells its arguments, its refusals, who may, what it costs, and shows an example', () => {
  const text = page('/mutation/openShop');

  expect(text).toContain('<title>openShop mutation · Vitrine graph</title>');
  expect(text).toContain('Fields of OpenShopInput');
  expect(text).toContain('= <code>&quot;Shop&quot;</code>');
  expect(text).toContain('signed in');
  expect(text).toContain(
    '<code>shop:manage</code> and <code>shop:read</code>, or <code>all</code>',
  );
  expect(text).toContain('cost 10');
  expect(text).toMatch(/NameTakenError<\/code><\/a><\/td><td>Somebody has the name/);
  expect(text).toContain('href="/?example=open-shop"');
  expect(text).toContain('Sent with the token of the shop’s owner.');
});

test('a type tells its fields, what is deprecated, and where it is used; a description is only text', () => {
  const text = page('/type/Shop');

  expect(text).toContain('id="title"');
  expect(text).toMatch(/Deprecated\.<\/strong> Use <a href="\/docs\/type\/Shop#name">/);
  expect(text).toContain('OpenShopPayload.shop');
  expect(text).toContain('policy <code>operator</code>');
  expect(text).not.toContain('<script>alert');
});

test('what is deprecated, restricted or dear has a place in its guide', () => {
  expect(page('/deprecations')).toContain('Removal after 2027-03-01.');
  expect(page('/access')).toContain('id="shop:manage"');
  expect(page('/cost')).toContain('× first, else 20');
});

test('every event that apps are told of has its message and its schema', () => {
  const text = page('/webhooks');
  for (const { name, scope } of topics) {
    expect(text).toContain(`id="${name}"`);
    expect(text).toContain(`<code>${scope}</code>`);
    expect(text).toContain(`&quot;${name}&quot;`);
  }
  expect(text).toContain('json-schema.org');
});

test('every code is explained on the page of errors', () => {
  const text = page('/errors');
  for (const code of Object.keys(errorMeanings)) expect(text).toContain(`id="${code}"`);
});

test('an example of what a graph does not have is not shown there', () => {
  expect(page('/examples')).toContain('OpenShop');
  expect(page('/examples')).not.toContain('query Video');
});

test('an audience is told where its graph is served, and can be changed on the same page', () => {
  expect(page('/', 'seller')).toContain('/graphql/seller');
  expect(page('/type/Shop', 'seller')).toContain(
    '<a href="/docs/type/Shop?audience=seller" aria-current="true">seller</a>',
  );
});

test('what there is not has no page', () => {
  const site = siteOf({ reference: smallReference(), ...frame });
  for (const path of ['/type/Nope', '/type/Query', '/query/openShop', '/constructor', '/type/']) {
    expect(site.page(path)).toBeNull();
  }
});

test('search finds names before descriptions, operations before fields, and all words', () => {
  const { entries } = siteOf({ reference: smallReference(), ...frame });
  const names = (text: string) => search(entries, text).map(({ name }) => name);

  expect(names('shop').slice(0, 2)).toEqual(['shop', 'Shop']);
  expect(names('OPENSHOP')[0]).toBe('openShop');
  expect(names('title')[0]).toBe('Shop.title');
  expect(names('opens shop')).toContain('openShop');
  expect(names('shop zebra')).toEqual([]);
  expect(names('  ')).toEqual([]);
});

test('results show what was searched for as text', () => {
  const site = siteOf({ reference: smallReference(), ...frame });

  expect(site.results('<script>alert(2)</script>')).not.toContain('<script>alert');
  expect(site.results('openshop')).toContain('href="/docs/mutation/openShop"');
});
