import { createClient as createStreamClient } from 'graphql-sse';
import type { Client } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { pushStream } from '../src/subscriptions/streams.ts';
import type { RunningGateway } from './running-gateway.ts';
import { catalogOf, productId, type SmallContext, shopsOf, socialOf } from './small-graph.ts';

export const EVENTS = `subscription Room($roomId: ID!) {
  roomEvents(roomId: $roomId) { text product { title shop { name } } }
}`;
export const subscription = { query: EVENTS, variables: { roomId: 'liv_1' } };
export const sold = { text: 'sold', product: { id: productId } };
export const shown = {
  data: {
    roomEvents: {
      text: 'sold',
      product: { title: `Title of ${productId}`, shop: { name: 'Batik House' } },
    },
  },
};

export interface RoomEvent {
  readonly text: string;
  readonly product?: object;
}

/** A room that tells everybody in it, and knows who has come and gone. */
export function aRoom() {
  const readers = new Set<ReturnType<typeof pushStream<RoomEvent>>>();
  const viewers: unknown[] = [];
  const origins: unknown[] = [];
  let audience = () => 0;
  const social = socialOf((_root, _args, { scope }: SmallContext) => {
    viewers.push(scope.viewer);
    origins.push(scope.origin);
    audience = scope.audience ?? (() => 1);
    const reader = pushStream<RoomEvent>(() => readers.delete(reader), {
      limit: 1_000,
      tooSlow: () => new Error('too slow'),
    });
    readers.add(reader);
    return reader.stream;
  });
  return {
    parts: [catalogOf(), shopsOf(), social],
    viewers,
    /** Where those who came are, as far as the subgraph was told. */
    origins,
    /** How many clients are behind the last who came. */
    audience: () => audience(),
    get readers() {
      return readers.size;
    },
    tell(event: RoomEvent) {
      for (const { push } of readers) push(event);
    },
    close() {
      for (const { finish } of readers) finish();
    },
  };
}

/** What a subscriber receives, until it leaves. */
export interface Subscriber {
  readonly received: unknown[];
  readonly isOver: () => boolean;
  readonly failure: () => unknown;
  leave(): void;
}

export function overWebSocket(
  client: Client,
  payload: { query: string; variables?: object },
): Subscriber {
  const received: unknown[] = [];
  let isOver = false;
  let failure: unknown;
  const leave = client.subscribe(
    { query: payload.query, variables: { ...payload.variables } },
    {
      next: (result) => received.push(result),
      error: (error) => {
        failure = error;
        isOver = true;
      },
      complete: () => {
        isOver = true;
      },
    },
  );
  return { received, isOver: () => isOver, failure: () => failure, leave };
}

export function overEventStream(
  { gateway }: RunningGateway,
  payload: { query: string; variables?: object },
  headers: Record<string, string> = {},
): Subscriber {
  const received: unknown[] = [];
  let isOver = false;
  let failure: unknown;
  const client = createStreamClient({ url: `${gateway.url}/graphql`, headers, retryAttempts: 0 });
  onTestFinished(() => client.dispose());
  const leave = client.subscribe(
    { query: payload.query, variables: { ...payload.variables } },
    {
      next: (result) => received.push(result),
      error: (error) => {
        failure = error;
        isOver = true;
      },
      complete: () => {
        isOver = true;
      },
    },
  );
  return { received, isOver: () => isOver, failure: () => failure, leave };
}

export const transports = ['WebSocket', 'event stream'] as const;
export type Transport = (typeof transports)[number];

export const subscribeOver = (
  transport: Transport,
  running: RunningGateway,
  payload: { query: string; variables?: object } = subscription,
): Subscriber =>
  transport === 'WebSocket'
    ? overWebSocket(running.socket(), payload)
    : overEventStream(running, payload);
