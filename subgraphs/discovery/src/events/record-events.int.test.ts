import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { discovery } from '../index.ts';
import { batchStream, STREAM_START } from '../signals/batch.stream.ts';

const test = subgraphTest(discovery).extend<{ readonly today: Date }>({
  // The database forgets by its own clock: rows of a standing clock's past would go while a test runs.
  today: [
    async ({ subgraph: { clock } }, use) => use(clock.advance(Date.now() - clock.now().getTime())),
    { auto: true },
  ],
});

const record = `mutation ($input: RecordEventsInput!) { recordEvents(input: $input) {
  accepted userErrors { __typename ... on UserError { code path retryable } } } }`;

const anEvent = ({ services, clock }: TestSubgraph, kind = 'VIEW') => ({
  kind,
  productId: services.newId('prd'),
  market: 'GB',
  at: clock.now().toISOString(),
});
const waiting = ({ services }: TestSubgraph) => batchStream(services).readAfter(STREAM_START, 100);

test('a batch is one append, whatever it holds', async ({ subgraph, expect }) => {
  const events = Array.from({ length: 100 }, () => anEvent(subgraph));

  const { data, errors } = await subgraph.execute(record, { input: { events } }, aViewer());

  expect(errors).toBeUndefined();
  expect(data?.recordEvents).toEqual({ accepted: 100, userErrors: [] });
  const entries = await waiting(subgraph);
  expect(entries).toHaveLength(1);
  expect(entries[0]?.batch?.viewerId).toBe(aViewer().userId);
  expect(entries[0]?.batch?.signals.map(({ productId }) => productId)).toEqual(
    events.map(({ productId }) => productId),
  );
});

test('a guest is known by the key alone', async ({ subgraph, expect }) => {
  const input = { events: [anEvent(subgraph)], guestKey: 'g'.repeat(20) };

  const { data } = await subgraph.execute(record, { input });

  expect(data?.recordEvents.accepted).toBe(1);
  expect((await waiting(subgraph))[0]?.batch?.viewerId).toBe(`guest_${'g'.repeat(20)}`);
});

test('a refused batch leaves nothing behind', async ({ subgraph, expect }) => {
  const events = [anEvent(subgraph), { ...anEvent(subgraph), market: 'XX', dwellMs: -1 }];

  const { data } = await subgraph.execute(record, { input: { events } });

  expect(data?.recordEvents).toEqual({
    accepted: 0,
    userErrors: [
      ['GUEST_KEY_REQUIRED', ['input', 'guestKey']],
      ['UNKNOWN_MARKET', ['input', 'events', '1', 'market']],
      ['DWELL_INVALID', ['input', 'events', '1', 'dwellMs']],
    ].map(([code, path]) => ({ __typename: 'InvalidInputError', code, path, retryable: false })),
  });
  expect(await waiting(subgraph)).toEqual([]);
});

test('purchases cannot be told by clients', async ({ subgraph, expect }) => {
  const input = { events: [anEvent(subgraph, 'PURCHASE')] };

  const { errors } = await subgraph.execute(record, { input }, aViewer());

  expect(errors?.[0]?.message).toContain('PURCHASE');
  expect(await waiting(subgraph)).toEqual([]);
});
