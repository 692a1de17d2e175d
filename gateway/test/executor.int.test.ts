import { describe, expect, test } from 'vitest';
import { runGateway, shapes } from './running-gateway.ts';
import { catalogOf, otherProductId, productId, shopsOf } from './small-graph.ts';

const TEXT = `query ($yes: Boolean!) {
  mine: product(id: "${productId}") { ...P }
  all: products { ...P shop @include(if: $yes) { label: name } }
  nobody: product(id: "nobody") { bestOfShop }
  __typename
}
fragment P on Product { __typename ... on Node { id } title best: bestOfShop shop { motto } }`;

const product = (id: string) => ({
  __typename: 'Product',
  id,
  title: `Title of ${id}`,
  best: true,
  shop: { motto: 'Slow' },
});

describe.each(shapes)('subgraphs %s', (shape) => {
  test('answer a query over several of them with one body, byte by byte', async () => {
    const gateway = await runGateway([catalogOf(), shopsOf()], { shape });
    const { body } = await gateway.post({ query: TEXT, variables: { yes: true } });
    const withLabel = (id: string) => ({
      ...product(id),
      shop: { motto: 'Slow', label: 'Batik House' },
    });
    expect(JSON.stringify(body.data)).toBe(
      JSON.stringify({
        mine: product(productId),
        all: [withLabel(productId), withLabel(otherProductId)],
        nobody: null,
        __typename: 'Query',
      }),
    );
  });
});
