import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createGraphClient, type Data } from '@vitrine/graph-client/graph-client';
import type { Logger } from '@vitrine/platform/logger';
import { type DemoSession, signIn } from '../sign-in.ts';
import { type Random, seededRandom } from '../world/random.ts';
import { texts } from '../world/texts.ts';
import * as operations from './operations.ts';

/** How lively the room is; averages, the player varies them as people do. */
export interface Pace {
  readonly msBetweenComments: number;
  readonly msBetweenLikes: number;
  readonly msBetweenPurchases: number;
}

export const HUMAN_PACE: Pace = {
  msBetweenComments: 2_500,
  msBetweenLikes: 1_200,
  msBetweenPurchases: 40_000,
};

export interface PlayerOptions {
  readonly url: string;
  readonly market: string;
  /** How many buyers play, from `buyer<first>` on. */
  readonly handles: readonly string[];
  readonly pace: Pace;
  readonly seed: number;
  readonly logger: Logger;
  /** Ends the play. */
  readonly signal: AbortSignal;
}

/**
 * Plays an audience into the first live room of a market through the public graph: chat, likes and
 * now and then a purchase of what is on screen. What is refused (slow mode, sold out) is taken as
 * people take it: they go on.
 */
export async function play(options: PlayerOptions): Promise<void> {
  const { url, market, handles, pace, seed, logger, signal } = options;
  const random = seededRandom(seed);
  const guest = createGraphClient({ url });
  const room = (await guest.run(operations.ROOM, { market })).liveRooms.nodes[0];
  await guest.close();
  if (!room) return logger.warn({ market }, 'no live room to play into');
  const sessions: DemoSession[] = [];
  // One after the other: signing in is made to be slow, and nobody waits for the player.
  for (const handle of handles) {
    if (signal.aborted) return;
    sessions.push(await signIn(url, handle));
  }
  const language = texts.markets[market]?.language ?? 'en';
  const lines = texts.chat[language] ?? [];
  logger.info({ room: room.id, players: sessions.length }, 'playing');

  const somebody = () => random.pick(sessions);
  const acts: readonly [number, () => Promise<unknown>][] = [
    [
      pace.msBetweenComments,
      () =>
        somebody().client.run(operations.COMMENT, {
          input: { subjectId: room.id, text: random.pick(lines), idempotencyKey: randomUUID() },
        }),
    ],
    [
      pace.msBetweenLikes,
      () =>
        somebody().client.run(operations.LIKE, {
          input: { roomId: room.id, count: random.between(1, 12) },
        }),
    ],
    [pace.msBetweenPurchases, () => purchase(somebody(), room.id, market, random)],
  ];
  await Promise.all(
    acts.map(async ([every, act]) => {
      while (!signal.aborted) {
        // Between half and one and a half of the average, so that no rhythm shows.
        await pause(every * (0.5 + random.next()), undefined, { signal }).catch(() => {});
        if (signal.aborted) return;
        await act().catch((error: unknown) => logger.info({ err: error }, 'an act was refused'));
      }
    }),
  );
  await Promise.all(sessions.map(({ client }) => client.close()));
}

/** Buys one unit of what is on screen, if anything is there and in stock. */
async function purchase(
  { client }: DemoSession,
  roomId: string,
  market: string,
  random: Random,
): Promise<void> {
  const { liveRoom } = await client.run(operations.ON_SCREEN, { roomId, market });
  const variants = (liveRoom.pinned?.product?.variants ?? []).filter(
    ({ availableQuantity }: Data) => availableQuantity > 0,
  );
  if (variants.length === 0) return;
  const { addToCart } = await client.run(operations.ADD, {
    input: {
      variantId: random.pick<Data>(variants)['id'],
      quantity: 1,
      market,
      source: { kind: 'LIVE_ROOM', id: roomId },
    },
  });
  if (!addToCart.cart) return;
  const shipping = addToCart.cart.shops.map(({ shop, shippingOptions }: Data) => ({
    shopId: shop.id,
    optionId: shippingOptions[0]?.id,
  }));
  const { viewer } = await client.run(operations.TOTAL, { shipping });
  await client.run(operations.BUY, {
    input: {
      idempotencyKey: randomUUID(),
      cartId: viewer.cart.id,
      expectedTotal: viewer.cart.total,
      shippingAddressId: viewer.addresses[0]?.id,
      shipping,
      paymentMethodId: viewer.paymentMethods[0]?.id,
    },
  });
}
