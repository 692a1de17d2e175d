import { describe, expect, test } from 'vitest';
import { type Fault, say, startFaultySubgraph } from './faulty-subgraph.ts';
import { runGateway } from './running-gateway.ts';
import { catalogOf, otherProductId, productId, shopsOf } from './small-graph.ts';

const timeouts = { connect: 500, headers: 300, body: 300, total: 600 };
const QUERY = `{
  products { id title bestOfShop shop { name motto } }
  shop(id: "shp_1") { motto }
}`;

const whole = {
  products: [productId, otherProductId].map((id) => ({
    id,
    title: `Title of ${id}`,
    bestOfShop: true,
    shop: { name: 'Batik House', motto: 'Slow' },
  })),
  shop: { motto: 'Slow' },
};
/** What is left where shops gives nothing: all that the catalog knows. */
const withoutShops = {
  products: whole.products.map(({ id, title }) => ({ id, title, bestOfShop: null, shop: null })),
  shop: null,
};

async function start() {
  const shops = await startFaultySubgraph(shopsOf().schema);
  const { post } = await runGateway([catalogOf(), shopsOf()], {
    shape: 'over HTTP',
    timeouts,
    instead: { shops: shops.url },
  });
  /** The result, without what is told of its cost. */
  const ask = async () => {
    const { data, errors } = (await post({ query: QUERY })).body;
    return { data, ...(errors ? { errors } : {}) };
  };
  return { shops, ask };
}

const codesOf = ({ errors = [] }: { errors?: { extensions: { code: string } }[] }) =>
  [...new Set(errors.map(({ extensions }) => extensions.code))].sort();

/** The honest answer with other entities, under whatever names they were asked for. */
const withEntities =
  (change: (entities: unknown[]) => unknown): Fault =>
  ({ data }, response) => {
    const changed = Object.entries(data ?? {}).map(([key, value]) => [
      key,
      Array.isArray(value) ? change(value) : value,
    ]);
    say(response, { data: Object.fromEntries(changed) });
  };

const faults: readonly (readonly [string, string, Fault])[] = [
  ['never answers', 'SUBGRAPH_TIMEOUT', () => {}],
  [
    'hangs up in the middle of its answer',
    'SUBGRAPH_UNAVAILABLE',
    (_answer, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"data":', () => response.destroy());
    },
  ],
  [
    'drips one byte at a time',
    'SUBGRAPH_TIMEOUT',
    (_answer, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    },
  ],
  ['answers garbage', 'SUBGRAPH_ANSWER_INVALID', (_answer, response) => say(response, '\u0000{]')],
  [
    'answers with a page of its proxy',
    'SUBGRAPH_UNAVAILABLE',
    (_answer, response) => say(response, '<html>Bad Gateway</html>', 502),
  ],
  [
    'breaks inside',
    'SUBGRAPH_UNAVAILABLE',
    (_answer, response) => say(response, { error: 'secret of the database' }, 500),
  ],
  [
    'redirects',
    'SUBGRAPH_UNAVAILABLE',
    (_answer, response) => {
      response.writeHead(307, { location: 'http://169.254.169.254/' });
      response.end();
    },
  ],
  [
    'answers data of a wrong shape',
    'SUBGRAPH_ANSWER_INVALID',
    (_answer, response) => say(response, { data: ['secret'] }),
  ],
  [
    'answers errors of a wrong shape',
    'SUBGRAPH_ANSWER_INVALID',
    ({ data }, response) => say(response, { data, errors: { message: 'secret' } }),
  ],
  [
    'answers more than fits',
    'SUBGRAPH_ANSWER_TOO_LARGE',
    (_answer, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const part = Buffer.alloc(1_000_000, ' ');
      const push = (left: number): void => {
        if (left === 0) response.end('{"data":{}}');
        else if (!response.destroyed) response.write(part, () => push(left - 1));
      };
      push(100);
    },
  ],
];

describe('a subgraph that', () => {
  test.for(faults)('%s costs its own fields with %s, until it heals', async ([, code, fault]) => {
    const { shops, ask } = await start();
    expect(await ask()).toEqual({ data: whole });

    shops.fault = fault;
    const troubled = await ask();
    expect(troubled.data).toEqual(withoutShops);
    expect(codesOf(troubled)).toEqual([code]);
    for (const { extensions } of troubled.errors) expect(extensions.serviceName).toBe('shops');
    expect(JSON.stringify(troubled)).not.toMatch(/secret|127\.0\.0\.1|UND_ERR|169\.254/);

    shops.fault = null;
    expect(await ask()).toEqual({ data: whole });
  });

  test.for([
    ['too few entities', (entities: unknown[]) => entities.slice(1)],
    ['too many entities', (entities: unknown[]) => [...entities, ...entities]],
    ['no list of entities', () => ({})],
    ['no entities at all', () => undefined],
  ] as const)('answers %s is not believed at all', async ([, change]) => {
    const { shops, ask } = await start();
    shops.fault = withEntities(change);
    const troubled = await ask();
    expect(troubled.data).toEqual({ ...withoutShops, shop: whole.shop });
    expect(codesOf(troubled)).toEqual(['SUBGRAPH_ANSWER_INVALID']);

    shops.fault = null;
    expect(await ask()).toEqual({ data: whole });
  });

  test('leaves holes among its entities costs what stands in the holes', async () => {
    const { shops, ask } = await start();
    shops.fault = withEntities((entities) =>
      entities.map((entity, i) => (i === 0 ? null : entity)),
    );
    const { data } = await ask();
    expect(data.products.map(({ title }: { title: string }) => title)).toEqual(
      whole.products.map(({ title }) => title),
    );
    expect(data.products[0].bestOfShop).toBeNull();

    shops.fault = null;
    expect(await ask()).toEqual({ data: whole });
  });

  test('answers values of wrong types shows none of them', async () => {
    const { shops, ask } = await start();
    shops.fault = withEntities((entities) =>
      entities.map(() => ({ bestOfShop: { secret: 1 }, name: ['secret'], motto: 12 })),
    );
    const troubled = await ask();
    expect(
      troubled.data.products.map(({ bestOfShop }: { bestOfShop: unknown }) => bestOfShop),
    ).toEqual([null, null]);
    expect(troubled.data.products[0].title).toBe(`Title of ${productId}`);
    expect(JSON.stringify(troubled)).not.toContain('secret');

    shops.fault = null;
    expect(await ask()).toEqual({ data: whole });
  });

  test('answers the entities of one type in place of another loses them, and nothing else', async () => {
    const { shops, ask } = await start();
    shops.fault = withEntities((entities) =>
      [...entities].reverse().map(() => ({ other: 'secret' })),
    );
    const { data } = await ask();
    expect(data.products.map(({ title }: { title: string }) => title)).toEqual(
      whole.products.map(({ title }) => title),
    );
    expect(JSON.stringify(data)).not.toContain('secret');
  });

  test('answers ten megabytes is read to the end', async () => {
    const { shops, ask } = await start();
    const motto = 'slow '.repeat(2_000_000);
    shops.fault = ({ data }, response) =>
      say(response, { data: data?.['shop'] ? { shop: { motto } } : data });
    const { data, errors } = await ask();
    expect(errors).toBeUndefined();
    expect(data.shop.motto).toHaveLength(motto.length);
  });

  test('fails everything is asked no more, and found again when it is well', async () => {
    const { shops, ask } = await start();
    shops.fault = (_answer, response) => say(response, 'down', 500);
    for (let i = 0; i < 5; i += 1) await ask();
    const before = shops.asked;
    const troubled = await ask();
    expect(shops.asked).toBe(before);
    expect(troubled.data).toEqual(withoutShops);
    expect(codesOf(troubled)).toEqual(['SUBGRAPH_UNAVAILABLE']);

    shops.fault = null;
    await expect.poll(ask, { timeout: 5_000 }).toEqual({ data: whole });
  });
});

describe('in process, a resolver that', () => {
  test.for([
    [
      'throws at once',
      'INTERNAL_SERVER_ERROR',
      () => {
        throw new Error('secret');
      },
    ],
    ['never settles', 'SUBGRAPH_TIMEOUT', () => new Promise(() => {})],
    ['gives a value of another type', 'INTERNAL_SERVER_ERROR', () => ({ secret: 1 })],
  ] as const)('%s costs its own fields with %s, until it heals', async ([, code, fault]) => {
    let isTroubled = true;
    const shops = shopsOf({
      Product: {
        __resolveReference: (ref: object) => ref,
        bestOfShop: () => (isTroubled ? fault() : true),
      },
    });
    const { post } = await runGateway([catalogOf(), shops], { shape: 'in process', timeouts });
    const ask = async () => (await post({ query: '{ products { title bestOfShop } }' })).body;
    const products = (bestOfShop: boolean | null) =>
      whole.products.map(({ title }) => ({ title, bestOfShop }));

    const troubled = await ask();
    expect(troubled.data).toEqual({ products: products(null) });
    expect(codesOf(troubled)).toEqual([code]);
    expect(JSON.stringify(troubled)).not.toContain('secret');

    isTroubled = false;
    const { data, errors } = await ask();
    expect(data).toEqual({ products: products(true) });
    expect(errors).toBeUndefined();
  });
});
