import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import {
  catalogOf,
  engineOver,
  guest,
  productId,
  type SmallContext,
  shopsOf,
  socialOf,
} from '../../test/small-graph.ts';
import { gatewayError } from '../errors.ts';
import { isStream, type SubgraphSource, sourceOf } from '../execution/source.ts';
import { pushStream } from './streams.ts';

const EVENTS = `subscription Room($roomId: ID!) {
  roomEvents(roomId: $roomId) { text product { title shop { name } } }
}`;
const variables = { roomId: 'liv_1' };

/** A room whose events a test sends. */
function room() {
  const state = { isLeft: false };
  const events = pushStream<{ text: string | null; product?: object | null }>(
    () => {
      state.isLeft = true;
    },
    { limit: 100, tooSlow: () => new Error('too slow') },
  );
  return { ...events, state };
}

async function started(parts: Parameters<typeof engineOver>[0], given: SubgraphSource[] = []) {
  const { engine, read } = engineOver(parts, given);
  const result = await engine.subscribe({ operation: read(EVENTS), variables, scope: guest() });
  if (!isStream(result)) throw new Error(JSON.stringify(result));
  return result;
}

async function all<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const withTitle = { title: `Title of ${productId}`, shop: { name: 'Batik House' } };

test('an event selects fields of other subgraphs, two entities away', async () => {
  const { stream, push, finish } = room();
  const results = await started([catalogOf(), shopsOf(), socialOf(() => stream)]);
  push({ text: 'hello', product: null });
  push({ text: 'sold', product: { id: productId } });
  finish();

  expect(await all(results)).toEqual([
    { data: { roomEvents: { text: 'hello', product: null } } },
    { data: { roomEvents: { text: 'sold', product: withTitle } } },
  ]);
});

test('the variables and the viewer reach the subgraph that is subscribed to', async () => {
  const seen: unknown[] = [];
  const { stream, finish } = room();
  const social = socialOf((_root, args, { scope }) => {
    seen.push(args, scope.requestId);
    return stream;
  });
  await started([catalogOf(), shopsOf(), social]);
  finish();
  expect(seen).toEqual([variables, 'test']);
});

test('nothing loaded for one event is served with a later one', async () => {
  const contexts = new Set<SmallContext>();
  const { stream, push, finish } = room();
  const shops = shopsOf({
    Shop: {
      __resolveReference(ref: object, context: SmallContext) {
        contexts.add(context);
        return ref;
      },
      name: () => 'Batik House',
    },
  });
  const results = await started([catalogOf(), shops, socialOf(() => stream)]);
  push({ text: 'one', product: { id: productId } });
  push({ text: 'two', product: { id: productId } });
  finish();
  await all(results);
  expect(contexts.size).toBe(2);
});

test('leaving ends the upstream at once, also while no event comes', async () => {
  const { stream, state } = room();
  const results = await started([catalogOf(), shopsOf(), socialOf(() => stream)]);
  const waiting = results.next();
  await results.return();
  expect((await waiting).done).toBe(true);
  expect(state.isLeft).toBe(true);
});

test('an event whose own field fails is one event with an error; the stream goes on', async () => {
  const { stream, push, finish } = room();
  const results = await started([catalogOf(), shopsOf(), socialOf(() => stream)]);
  push({ text: null });
  push({ text: 'still here', product: null });
  finish();

  const [broken, next] = await all(results);
  expect(broken?.errors?.[0]?.toJSON()).toMatchObject({
    message: 'Something went wrong on our side.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', serviceName: 'social' },
  });
  expect(next).toEqual({ data: { roomEvents: { text: 'still here', product: null } } });
});

test('a dead subgraph costs an event its own fields, until it is back', async () => {
  let isAway = true;
  const { stream, push } = room();
  const flaky = sourceOf({
    name: 'catalog',
    prepare: () => async () =>
      isAway
        ? { errors: [gatewayError('SUBGRAPH_UNAVAILABLE', 'away').toJSON()] }
        : { data: { _entities: [{ __typename: 'Product', title: 'Back', shop: null }] } },
    subscribe: async () => ({}),
    close: async () => {},
  });
  const results = await started([catalogOf(), shopsOf(), socialOf(() => stream)], [flaky]);

  push({ text: 'one', product: { id: productId } });
  const first = await results.next();
  isAway = false;
  push({ text: 'two', product: { id: productId } });
  const second = await results.next();

  expect(first.value).toMatchObject({
    data: { roomEvents: { text: 'one', product: null } },
    errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'catalog' } }],
  });
  expect(second.value).toEqual({
    data: { roomEvents: { text: 'two', product: { title: 'Back', shop: null } } },
  });
});

test.for([
  [
    'that the subgraph refuses',
    () => {
      throw new GraphQLError('You may not.', { extensions: { code: 'FORBIDDEN' } });
    },
    'FORBIDDEN',
  ],
  [
    'that fails inside',
    () => {
      throw new Error('secret');
    },
    'INTERNAL_SERVER_ERROR',
  ],
] as const)('a subscription %s is an answer with its error', async ([, subscribe, code]) => {
  const { engine, read } = engineOver([catalogOf(), shopsOf(), socialOf(subscribe)]);
  const result = await engine.subscribe({ operation: read(EVENTS), variables, scope: guest() });
  expect(result).toMatchObject({ errors: [{ extensions: { code, serviceName: 'social' } }] });
  expect(JSON.stringify(result)).not.toContain('secret');
});

test('a subscription with a missing variable starts nothing', async () => {
  let starts = 0;
  const { engine, read } = engineOver([
    catalogOf(),
    shopsOf(),
    socialOf(() => {
      starts += 1;
    }),
  ]);
  const operation = read(EVENTS);
  const result = await engine.subscribe({ operation, variables: {}, scope: guest() });
  expect(result).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  expect(starts).toBe(0);
});
