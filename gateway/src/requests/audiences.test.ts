import { describe, expect, test } from 'vitest';
import { catalogOf, compose, guest, shopsOf, silent, small } from '../../test/small-graph.ts';
import type { SubgraphSource } from '../execution/source.ts';
import { nodes } from '../nodes/nodes.ts';
import { localSource } from '../sources/local-source.ts';
import { type AudienceParts, openAudiences } from './audiences.ts';

const before = compose([catalogOf(), shopsOf()]);
const after = compose([
  catalogOf(),
  small('shops', 'type Query { shop(id: ID!): Shop } type Shop @key(fields: "id") { id: ID! }', {}),
]);

function audiencesOver(parts: Partial<AudienceParts> = {}, contracts = {}) {
  const sources = new Map<string, SubgraphSource>();
  for (const { name, schema } of [catalogOf(), shopsOf(), nodes]) {
    sources.set(name, localSource({ name, schema, contextOf: () => ({}), logger: silent }));
  }
  return openAudiences({ ...contracts, public: before }, { sources, logger: silent, ...parts });
}

const isValid = (audience: { read(text: string): object } | null, text: string): boolean =>
  audience !== null && 'document' in audience.read(text);

test('a contract is there once it is asked for, and one that nobody composed is not', () => {
  const audiences = audiencesOver({}, { storefront: after });
  expect(audiences.of('seller')).toBeNull();
  expect(audiences.of('storefront')).toBe(audiences.of('storefront'));
  expect(isValid(audiences.of('public'), '{ shop(id: "1") { name } }')).toBe(true);
  expect(isValid(audiences.of('storefront'), '{ shop(id: "1") { name } }')).toBe(false);
});

describe('a swap', () => {
  test('takes effect at once for all audiences, and tells who takes over', async () => {
    const told: string[] = [];
    const audiences = audiencesOver({ onSwap: (name) => told.push(name) }, { storefront: before });
    audiences.of('storefront');
    await audiences.swap({ public: after, storefront: after });
    for (const name of ['public', 'storefront'] as const) {
      expect(isValid(audiences.of(name), '{ shop(id: "1") { name } }')).toBe(false);
    }
    expect(told).toEqual(['public', 'storefront']);
    expect(audiences.public).toBe(audiences.of('public'));
  });

  test('waits until the new one is prepared, and serves the old one until then', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const audiences = audiencesOver({ prepare: () => promise });
    const old = audiences.of('public');
    const swapped = audiences.swap({ public: after });
    expect(audiences.of('public')).toBe(old);
    resolve();
    await swapped;
    expect(audiences.of('public')).not.toBe(old);
  });

  test('leaves everything as it was where the new one has a part that nobody serves', async () => {
    const audiences = audiencesOver();
    const old = audiences.public;
    const more = compose([catalogOf(), shopsOf(), small('orders', 'type Query { o: Int }', {})]);
    await expect(audiences.swap({ public: more })).rejects.toThrow('orders');
    await expect(audiences.swap({ public: 'no graph' })).rejects.toThrow();
    expect(audiences.public).toBe(old);
  });

  test('fails no request, however many are on their way', async () => {
    // As planning does, lets others run in between.
    const prepare = async () => {
      for (let slice = 0; slice < 20; slice += 1) await new Promise(setImmediate);
    };
    const audiences = audiencesOver({ prepare });
    let isOver = false;
    let answered = 0;
    const ask = async (): Promise<void> => {
      while (!isOver) {
        const { engine, read } = audiences.public;
        const operation = read('{ products { id title } }');
        if (!('document' in operation)) throw new Error(String(operation[0]));
        const { data, errors } = await engine.execute({ operation, variables: {}, scope: guest() });
        expect(errors).toBeUndefined();
        expect(data).toHaveProperty('products');
        answered += 1;
        await new Promise(setImmediate);
      }
    };
    const clients = Promise.all(Array.from({ length: 10 }, ask));
    for (const sdl of [after, before, after]) await audiences.swap({ public: sdl });
    isOver = true;
    await clients;
    expect(answered).toBeGreaterThan(10);
  });
});
