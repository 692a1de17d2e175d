import { describe, expect, onTestFinished, test } from 'vitest';
import { subscribeOver, type Transport, transports } from './live-room.ts';
import { type RunningGateway, runGateway, type Shape, shapes } from './running-gateway.ts';
import { compose, type SmallSubgraph, small } from './small-graph.ts';

/** A log that grows, whose entries have cursors to go on after. */
function aFeed() {
  const state = { length: 0, grown: Promise.withResolvers<void>() };
  async function* read(after: string | null) {
    for (let at = after === null ? 0 : Number(after); ; ) {
      for (; at < state.length; at += 1) yield { cursor: String(at + 1), number: at + 1 };
      await state.grown.promise;
    }
  }
  const social = (extra = ''): SmallSubgraph =>
    small(
      'social',
      `type Query { ${extra} rooms: Int! }
       type Subscription { numbers(resumeAfter: String): Counted! }
       type Counted { ${extra} cursor: String! number: Int! }`,
      {
        Query: { rooms: () => 1 },
        Subscription: {
          numbers: {
            subscribe: (_: unknown, { resumeAfter }: { resumeAfter?: string | null }) =>
              read(resumeAfter ?? null),
            resolve: (event: object) => event,
          },
        },
      },
    );
  const say = (): void => {
    state.length += 1;
    state.grown.resolve();
    state.grown = Promise.withResolvers();
  };
  const talking = setInterval(say, 2);
  onTestFinished(() => clearInterval(talking));
  return {
    parts: [social()],
    /** The same graph with one field more. */
    changed: () => compose([social('more: Int')]),
    length: () => state.length,
    /** Says no more; answers how many there were. */
    end() {
      clearInterval(talking);
      return state.length;
    },
  };
}

const NUMBERS = 'subscription ($after: String) { numbers(resumeAfter: $after) { cursor number } }';

/** A client that comes back with its last cursor whenever it is sent away. */
function aFollower(running: RunningGateway, transport: Transport) {
  const before: unknown[] = [];
  let visits = 0;
  const visit = () => {
    visits += 1;
    const after = String(numbersIn(before).at(-1) ?? 0);
    return subscribeOver(transport, running, { query: NUMBERS, variables: { after } });
  };
  let subscriber = visit();
  const numbers = () => numbersIn([...before, ...subscriber.received]);
  const returning = setInterval(() => {
    if (!subscriber.isOver()) return;
    before.push(...subscriber.received);
    subscriber = visit();
  }, 10);
  onTestFinished(() => {
    clearInterval(returning);
    subscriber.leave();
  });
  return { numbers, visits: () => visits };
}

// A stream may tell of its end by a result without data.
const numbersIn = (results: readonly unknown[]): number[] =>
  (results as { data?: { numbers?: { number: number } } }[]).flatMap(
    ({ data }) => data?.numbers?.number ?? [],
  );

const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

const ways: readonly (readonly [Transport, Shape])[] = transports.flatMap((transport) =>
  shapes.map((shape) => [transport, shape] as const),
);

describe.for(ways)('over %s, with subgraphs %s', ([transport, shape]) => {
  const follow = async (running: RunningGateway, count: number) => {
    const followers = Array.from({ length: count }, () => aFollower(running, transport));
    await expect
      .poll(() => followers.every(({ numbers }) => numbers().length > 20), { timeout: 10_000 })
      .toBe(true);
    return followers;
  };

  test('another schema taken up under open streams loses and repeats no event, and ends none', async () => {
    const feed = aFeed();
    const running = await runGateway(feed.parts, { shape });
    const followers = await follow(running, 10);

    for (const supergraph of [feed.changed(), compose(feed.parts), feed.changed()]) {
      const before = feed.length();
      await running.gateway.swap({ public: supergraph });
      await expect
        .poll(() => followers.every(({ numbers }) => numbers().length > before))
        .toBe(true);
    }
    const { body } = await running.post({
      query: '{ __type(name: "Counted") { fields { name } } }',
    });
    expect(body.data.__type.fields).toContainEqual({ name: 'more' });

    const last = feed.end();
    for (const { numbers, visits } of followers) {
      await expect.poll(numbers, { timeout: 10_000 }).toEqual(upTo(last));
      expect(visits()).toBe(1);
    }
  });

  test('a gateway that restarts is found again by all, who go on where they were', async () => {
    const feed = aFeed();
    const running = await runGateway(feed.parts, { shape, live: { drainMs: 100 } });
    const followers = await follow(running, 30);

    await running.restart();
    await expect
      .poll(() => followers.every(({ visits }) => visits() > 1), { timeout: 10_000 })
      .toBe(true);
    const last = feed.end();
    for (const { numbers } of followers) {
      await expect.poll(numbers, { timeout: 10_000 }).toEqual(upTo(last));
    }
  });
});
