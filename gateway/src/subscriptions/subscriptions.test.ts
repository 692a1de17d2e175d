import type { Viewer } from '@vitrine/platform/viewer';
import { aViewer } from '@vitrine/testkit/viewers';
import type { ExecutionResult } from 'graphql';
import { describe, expect, test } from 'vitest';
import {
  catalogOf,
  engineOver,
  guest,
  type SmallContext,
  shopsOf,
  silent,
  small,
} from '../../test/small-graph.ts';
import type { Ending, LiveEvent, Sink } from './groups/live-event.ts';
import { pushStream } from './streams.ts';
import {
  type LiveRequest,
  openSubscriptions,
  type Subscription,
  type SubscriptionsOptions,
} from './subscriptions.ts';

type Said = { readonly type: 'Said'; readonly sequence: number; readonly text: string };
type Told = Said | { readonly type: 'Pulse'; readonly count: number };

/** A subgraph with rooms that have a log, and everybody who reads them. */
function aWorld(options: Partial<SubscriptionsOptions> = {}) {
  const log: Said[] = [];
  const readers = new Set<{ push(event: Told): void; finish(): void; context: SmallContext }>();
  const started: { readonly roomId: string; readonly resumeAfter: string | null }[] = [];
  let executions = 0;
  const social = small(
    'social',
    `type Query { s: Int }
     type Subscription { room(roomId: ID!, resumeAfter: String): Event! }
     union Event = Said | Pulse
     type Said { cursor: String!  text: String! }
     type Pulse @tag(name: "coalescible") { count: Int! }`,
    {
      Subscription: {
        room: {
          subscribe(
            _root: unknown,
            args: { roomId: string; resumeAfter: string | null },
            context: SmallContext,
          ) {
            started.push({ ...args, resumeAfter: args.resumeAfter ?? null });
            const after = args.resumeAfter ? Number.parseInt(args.resumeAfter, 10) : 0;
            const reader = {
              ...pushStream<Told>(() => readers.delete(reader), {
                limit: 1_000,
                tooSlow: () => new Error('too slow'),
              }),
              context,
            };
            for (const said of log) if (said.sequence > after) reader.push(said);
            readers.add(reader);
            return reader.stream;
          },
          resolve: (event: Told) => event,
        },
      },
      Event: { __resolveType: ({ type }: Told) => type },
      Said: {
        cursor: ({ sequence }: Said) => `${sequence}-0`,
        text({ text }: Said) {
          executions += 1;
          return text;
        },
      },
    },
  );
  const { engine, read } = engineOver([catalogOf(), shopsOf(), social]);
  const subscriptions = openSubscriptions({ logger: silent, ...options });

  const requestOf = (
    text: string,
    variables: Record<string, unknown>,
    viewer: Viewer | null = null,
    languages: readonly string[] = [],
  ): LiveRequest => ({
    contract: 'public',
    engine,
    request: { operation: read(text), variables, scope: { ...guest(), viewer, languages } },
  });
  return {
    engine,
    subscriptions,
    started,
    requestOf,
    readers,
    executions: () => executions,
    say(text: string) {
      const said: Said = { type: 'Said', sequence: log.length + 1, text };
      log.push(said);
      for (const { push } of readers) push(said);
    },
    pulse(count: number) {
      for (const { push } of readers) push({ type: 'Pulse', count });
    },
  };
}

function aClient() {
  const events: LiveEvent[] = [];
  const endings: Ending[] = [];
  const sink: Sink = {
    next(event) {
      events.push(event);
      return true;
    },
    end: (ending) => void endings.push(ending),
  };
  const texts = () =>
    events.flatMap(({ result }) => {
      const said: unknown = result.data?.['room'];
      return typeof said === 'object' && said && 'text' in said ? [said.text] : [];
    });
  return { sink, events, endings, texts };
}

const ROOM = `subscription ($roomId: ID!, $from: String) {
  room(roomId: $roomId, resumeAfter: $from) { ... on Said { text } ... on Pulse { count } }
}`;

function started(
  subscription: Subscription | { readonly errors: readonly unknown[] },
): Subscription {
  if ('errors' in subscription) throw new Error(JSON.stringify(subscription.errors));
  return subscription;
}

describe('equal subscriptions', () => {
  test('of a hundred guests are one upstream, one execution and one serialisation', async () => {
    const world = aWorld();
    const clients = Array.from({ length: 100 }, () => aClient());
    for (const { sink } of clients) {
      started(world.subscriptions.subscribe(world.requestOf(ROOM, { roomId: '1' }), sink));
    }
    await expect.poll(() => world.readers.size).toBe(1);
    const [reader] = world.readers;
    expect(reader?.context.scope.audience?.()).toBe(100);
    world.say('hello');
    await expect.poll(() => clients.every(({ events }) => events.length === 1)).toBe(true);
    expect(world.started).toHaveLength(1);
    expect(world.executions()).toBe(1);
    const bytes = new Set(clients.map(({ events }) => events[0]?.json()));
    expect([...bytes].map(String)).toEqual(['{"data":{"room":{"text":"hello"}}}']);
  });

  test.for([
    ['another room', ROOM, { roomId: '2' }, null, []],
    ['another operation', ROOM.replace('text', 'text again: text'), { roomId: '1' }, null, []],
    ['a viewer', ROOM, { roomId: '1' }, aViewer(), []],
    ['another language', ROOM, { roomId: '1' }, null, ['id']],
  ] as const)('are not those of %s', async ([, text, variables, viewer, languages]) => {
    const world = aWorld();
    const one = world.requestOf(ROOM, { roomId: '1' });
    const other = world.requestOf(text, variables, viewer, languages);
    for (const request of [one, other]) {
      started(world.subscriptions.subscribe(request, aClient().sink));
    }
    await expect.poll(() => world.readers.size).toBe(2);
    expect(world.subscriptions.groupCount()).toBe(2);
  });

  test('are not those of a null in place of a default', async () => {
    const world = aWorld();
    const text = ROOM.replace('text }', 'text @include(if: $all) }').replace(
      '$from: String',
      '$from: String, $all: Boolean = true',
    );
    for (const variables of [{ roomId: '1' }, { roomId: '1', all: true }]) {
      started(world.subscriptions.subscribe(world.requestOf(text, variables), aClient().sink));
    }
    started(
      world.subscriptions.subscribe(
        world.requestOf(text, { roomId: '1', all: null }),
        aClient().sink,
      ),
    );
    expect(world.subscriptions.groupCount()).toBe(3);
  });

  test('are not those of another contract', async () => {
    const world = aWorld();
    const request = world.requestOf(ROOM, { roomId: '1' });
    for (const contract of ['public', 'seller']) {
      started(world.subscriptions.subscribe({ ...request, contract }, aClient().sink));
    }
    await expect.poll(() => world.readers.size).toBe(2);
  });

  test('are those of viewers whose scope of rights is the same', async () => {
    const world = aWorld({ authorisationScope: (_operation, viewer) => String(viewer?.roles) });
    const viewers = [aViewer({ userId: 'usr_a' }), aViewer({ userId: 'usr_b' })];
    for (const viewer of [...viewers, aViewer({ roles: ['CREATOR'] })]) {
      const request = world.requestOf(ROOM, { roomId: '1' }, viewer);
      started(world.subscriptions.subscribe(request, aClient().sink));
    }
    await expect.poll(() => world.readers.size).toBe(2);
  });

  test('end their upstream with the last who leaves', async () => {
    const world = aWorld();
    const request = world.requestOf(ROOM, { roomId: '1' });
    const both = [1, 2].map(() => started(world.subscriptions.subscribe(request, aClient().sink)));
    await expect.poll(() => world.readers.size).toBe(1);
    both[0]?.close();
    expect(world.readers.size).toBe(1);
    both[1]?.close();
    await expect.poll(() => world.readers.size).toBe(0);
    expect(world.subscriptions.groupCount()).toBe(0);
  });
});

describe('an event', () => {
  test('is coalescible where the schema says so, and ordered where it has a cursor', async () => {
    const world = aWorld();
    const { sink, events } = aClient();
    started(world.subscriptions.subscribe(world.requestOf(ROOM, { roomId: '1' }), sink));
    await expect.poll(() => world.readers.size).toBe(1);
    world.pulse(3);
    world.say('hello');
    await expect.poll(() => events.length).toBe(2);
    expect(events.map(({ cursor, coalescible }) => ({ cursor, coalescible }))).toEqual([
      { cursor: null, coalescible: 'Pulse' },
      { cursor: '1-0', coalescible: null },
    ]);
    // What the gateway asks for itself is nothing of the client's.
    expect(events.map(({ result }) => result)).toEqual([
      { data: { room: { count: 3 } } },
      { data: { room: { text: 'hello' } } },
    ]);
  });

  test('is completed once for all', async () => {
    const world = aWorld();
    let finished = 0;
    const finish = (result: ExecutionResult) => {
      finished += 1;
      return { ...result, extensions: { finished } };
    };
    const request = { ...world.requestOf(ROOM, { roomId: '1' }), finish };
    const clients = [aClient(), aClient()];
    for (const { sink } of clients) started(world.subscriptions.subscribe(request, sink));
    await expect.poll(() => world.readers.size).toBe(1);
    world.say('hello');
    await expect.poll(() => clients.map(({ events }) => events.length)).toEqual([1, 1]);
    expect(finished).toBe(1);
    expect(String(clients[1]?.events[0]?.json())).toContain('"finished":1');
  });
});

describe('resuming', () => {
  test('goes on after the cursor, by variable or written out, within one group', async () => {
    const world = aWorld();
    const first = aClient();
    started(world.subscriptions.subscribe(world.requestOf(ROOM, { roomId: '1' }), first.sink));
    await expect.poll(() => world.readers.size).toBe(1);
    for (const text of ['a', 'b', 'c']) world.say(text);
    await expect.poll(first.texts).toEqual(['a', 'b', 'c']);

    const byVariable = aClient();
    const from = world.requestOf(ROOM, { roomId: '1', from: '1-0' });
    started(world.subscriptions.subscribe(from, byVariable.sink));
    const writtenOut = aClient();
    const literal = ROOM.replace(', $from: String', '').replace('$from', '"2-0"');
    const request = world.requestOf(literal, { roomId: '1' });
    started(world.subscriptions.subscribe(request, writtenOut.sink));
    expect(byVariable.texts()).toEqual(['b', 'c']);
    expect(writtenOut.texts()).toEqual(['c']);
    expect(world.started).toHaveLength(1);
  });
});

describe('a change of rights', () => {
  test('that changes nothing of the group keeps its place', async () => {
    const world = aWorld({ authorisationScope: () => 'all' });
    const request = world.requestOf(ROOM, { roomId: '1' }, aViewer());
    const subscription = started(world.subscriptions.subscribe(request, aClient().sink));
    await expect.poll(() => world.readers.size).toBe(1);
    subscription.renew(world.requestOf(ROOM, { roomId: '1' }, aViewer({ roles: ['CREATOR'] })));
    expect(world.started).toHaveLength(1);
  });

  test('moves to another group without losing an event or seeing one twice', async () => {
    const world = aWorld();
    const client = aClient();
    const variables = { roomId: '1' };
    const request = world.requestOf(ROOM, variables, aViewer());
    const subscription = started(world.subscriptions.subscribe(request, client.sink));
    await expect.poll(() => world.readers.size).toBe(1);
    world.say('a');
    world.say('b');
    await expect.poll(client.texts).toEqual(['a', 'b']);
    subscription.renew(world.requestOf(ROOM, variables, aViewer({ roles: ['CREATOR'] })));
    world.say('c');
    await expect.poll(client.texts).toEqual(['a', 'b', 'c']);
    expect(world.started.at(-1)?.resumeAfter).toBe('2-0');
    await expect.poll(() => world.readers.size).toBe(1);
    expect(world.subscriptions.groupCount()).toBe(1);
  });

  test('that leaves nothing to see ends it with the reason', async () => {
    const world = aWorld();
    const client = aClient();
    const request = world.requestOf(ROOM, { roomId: '1' }, aViewer());
    const subscription = started(world.subscriptions.subscribe(request, client.sink));
    await expect.poll(() => world.readers.size).toBe(1);
    subscription.renew({ ...request, request: { ...request.request, planned: null } });
    expect(client.endings).toMatchObject([
      { kind: 'broken', errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    ]);
    await expect.poll(() => world.readers.size).toBe(0);
    // What is over is not begun again.
    subscription.renew(request);
    expect(world.subscriptions.groupCount()).toBe(0);
  });
});

describe('another engine', () => {
  test('goes on where the old one stood', async () => {
    const world = aWorld();
    const client = aClient();
    started(world.subscriptions.subscribe(world.requestOf(ROOM, { roomId: '1' }), client.sink));
    await expect.poll(() => world.readers.size).toBe(1);
    world.say('a');
    await expect.poll(client.texts).toEqual(['a']);
    world.subscriptions.swap('seller', world.engine);
    expect(world.started).toHaveLength(1);
    world.subscriptions.swap('public', world.engine);
    world.say('b');
    await expect.poll(client.texts).toEqual(['a', 'b']);
    expect(world.started.map(({ resumeAfter }) => resumeAfter)).toEqual([null, '1-0']);
    await expect.poll(() => world.readers.size).toBe(1);
  });

  test('that has no such field any more ends what asks for it', async () => {
    const world = aWorld();
    const client = aClient();
    started(world.subscriptions.subscribe(world.requestOf(ROOM, { roomId: '1' }), client.sink));
    await expect.poll(() => world.readers.size).toBe(1);
    world.subscriptions.swap('public', engineOver([catalogOf(), shopsOf()]).engine);
    expect(client.endings).toMatchObject([
      { kind: 'broken', errors: [{ extensions: { code: 'OPERATION_WITHDRAWN' } }] },
    ]);
    await expect.poll(() => world.readers.size).toBe(0);
  });
});

test('bad variables are refused before anything is asked', () => {
  const world = aWorld();
  const result = world.subscriptions.subscribe(world.requestOf(ROOM, { nope: 1 }), aClient().sink);
  expect(result).toMatchObject({ errors: [{ extensions: { code: 'UNKNOWN_VARIABLE' } }] });
  expect(world.subscriptions.groupCount()).toBe(0);
});

test('closing completes everybody', async () => {
  const world = aWorld();
  const client = aClient();
  started(world.subscriptions.subscribe(world.requestOf(ROOM, { roomId: '1' }), client.sink));
  await expect.poll(() => world.readers.size).toBe(1);
  world.subscriptions.close();
  expect(client.endings).toEqual([{ kind: 'completed' }]);
  await expect.poll(() => world.readers.size).toBe(0);
});
