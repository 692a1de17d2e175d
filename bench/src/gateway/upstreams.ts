import { setTimeout as pause } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Entrant, Events } from './entrants.ts';
import { REVIEWS_POSTED } from './graph/shop-graph.ts';
import type { EventsOrder } from './messages.ts';

export const CLIENTS = 100;
const PATIENCE_MS = 10_000;
const ASK_AGAIN_MS = 50;

/**
 * How many subscriptions a gateway makes at the subgraph for 100 clients that ask for the same over
 * WebSocket, counted when every client has received an event. Null where clients receive none.
 */
export async function upstreamsOf({
  url,
  events,
  socketUrl = url.replace(/^http/, 'ws'),
}: Entrant): Promise<{ readonly upstreams: number | null; readonly problem?: string }> {
  const before = await countOf(events, 'count');
  let problem: string | undefined;
  const served = new Set<number>();
  const clients: Client[] = [];
  for (let index = 0; index < CLIENTS; index += 1) {
    const client = createClient({
      url: socketUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    clients.push(client);
    client.subscribe(
      { query: REVIEWS_POSTED, variables: { productId: '1' } },
      {
        next: ({ data, errors }) => {
          if (data) served.add(index);
          else problem = JSON.stringify(errors);
        },
        error: (error) => {
          problem = Array.isArray(error) ? JSON.stringify(error) : String(error);
        },
        complete: () => {},
      },
    );
  }
  const until = Date.now() + PATIENCE_MS;
  // Not every subscription stands when the first event is published, so there are several.
  while (served.size < CLIENTS && Date.now() < until) {
    await countOf(events, { publish: 'Good.' });
    await pause(ASK_AGAIN_MS);
  }
  const upstreams = (await countOf(events, 'count')) - before;
  for (const client of clients) await client.dispose();
  return served.size === CLIENTS
    ? { upstreams }
    : { upstreams: null, problem: problem ?? `${served.size} of ${CLIENTS} received an event` };
}

const countOf = async (events: Events, order: EventsOrder): Promise<number> =>
  (await events.ask(order)).begun;
