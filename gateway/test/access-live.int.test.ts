import type { Viewer } from '@vitrine/platform/viewer';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect, test } from 'vitest';
import { app, aWorld } from './access-world.ts';
import { overWebSocket, type Subscriber } from './live-room.ts';
import { type RunningGateway, runGateway, shapes } from './running-gateway.ts';
import { shopId } from './small-graph.ts';

describe.for(shapes)('with subgraphs %s', (shape) => {
  test('a subscription whose root is denied is refused before anybody is asked', async () => {
    const world = aWorld();
    const running = await runGateway(world.parts, { shape });
    const query = 'subscription { audit { title } }';
    const guest = overWebSocket(running.socket(), { query });
    const person = overWebSocket(await signedIn(running, aViewer()), { query });

    await expect.poll(() => [guest.isOver(), person.isOver()]).toEqual([true, true]);

    expect(said(guest)).toContain('UNAUTHENTICATED');
    expect(said(person)).toContain('FORBIDDEN');
    expect(world.upstreams).toBe(0);
  });

  test('watchers of one stream each see what their rights allow, and share it with their equals', async () => {
    const world = aWorld();
    const running = await runGateway(world.parts, { shape });
    const query = 'subscription { sales { title buyer shop { takings } } }';
    const watchers = [
      overWebSocket(running.socket(), { query }),
      overWebSocket(await signedIn(running, app()), { query }),
      overWebSocket(await signedIn(running, aViewer()), { query }),
      overWebSocket(await signedIn(running, aViewer({ userId: 'usr_2' })), { query }),
      overWebSocket(running.socket(), { query }),
    ];
    await expect.poll(() => world.upstreams).toBeGreaterThan(2);
    // Every watcher is there once an event has reached it.
    await expect
      .poll(() => {
        world.tell({ title: 'Lamp', buyer: 'Ann', shop: { id: shopId } });
        return watchers.every(({ received }) => received.length > 0);
      })
      .toBe(true);
    // Guests, the app, and the two persons.
    expect(world.upstreams).toBe(3);

    const seen = watchers.map(({ received }) => {
      const texts = received.map((result) => JSON.stringify(dataOf(result)));
      expect(new Set(texts).size).toBe(1);
      return dataOf(received[0]);
    });
    const sale = (buyer: string | null, takings: number | null) => ({
      sales: { title: 'Lamp', buyer, shop: { takings } },
    });
    expect(seen).toEqual([
      sale(null, null),
      sale('Ann', null),
      sale('Ann', 100),
      sale('Ann', 100),
      sale(null, null),
    ]);
    expect(JSON.stringify(watchers[0]?.received[0])).toContain('UNAUTHENTICATED');
    expect(JSON.stringify(watchers[1]?.received[0])).toContain('MISSING_SCOPE');
    expect(JSON.stringify(watchers[2]?.received[0])).not.toContain('errors');
  });
});

const signedIn = async ({ socket, token }: RunningGateway, viewer: Viewer) =>
  socket({ authorization: `Bearer ${await token(viewer)}` });

const dataOf = (result: unknown): unknown =>
  // What a client of graphql-ws is given is always such a result.
  (result as { readonly data?: unknown } | undefined)?.data;

const said = ({ received, failure }: Subscriber): string => JSON.stringify([received, failure()]);
