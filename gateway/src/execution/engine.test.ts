import { expect, test } from 'vitest';
import {
  catalogOf,
  engineOver,
  guest,
  otherProductId,
  productId,
  shopsOf,
} from '../../test/small-graph.ts';

test('one query reads fields of several subgraphs through their entities', async () => {
  const { engine, read } = engineOver([catalogOf(), shopsOf()]);
  const operation = read('{ products { id title bestOfShop shop { name } } }');

  const result = await engine.execute({ operation, variables: {}, scope: guest() });

  const product = (id: string) => ({
    id,
    title: `Title of ${id}`,
    bestOfShop: true,
    shop: { name: 'Batik House' },
  });
  expect(result).toEqual({ data: { products: [product(productId), product(otherProductId)] } });
});
