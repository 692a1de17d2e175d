import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createGraphClient, type Data } from '@vitrine/graph-client/graph-client';
import type { Logger } from '@vitrine/platform/logger';
import { ACCESS_TOKEN_SECONDS } from '@vitrine/platform/viewer';
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

/** Rooms are looked for so often, and whether the one that is played into is still live. */
const MS_BETWEEN_LOOKS = 10_000;
/** Well before their access tokens expire. */
const SESSION_MS = (ACCESS_TOKEN_SECONDS * 1_000) / 2;

/**
 * Plays an audience into the first live room of a market through the public graph: chat, likes and
 * now and then a purchase of what is on screen. What is refused (slow mode, sold out) is taken as
 * people take it: they go on. Where no room is live it waits for one.
 */
export async function play(options: PlayerOptions): Promise<void> {
  const { url, market, logger, signal } = options;
  const guest = createGraphClient({ url, sendsHashes: true });
  const liveRoom = async (): Promise<string | null> =>
    (await guest.run(operations.ROOM, { market })).liveRooms.nodes[0]?.id ?? null;
  const audience = makeAudience(options);
  try {
    while (!signal.aborted) {
      const roomId = await liveRoom().catch(() => null);
      if (roomId === null) {
        await resting(MS_BETWEEN_LOOKS, signal);
        continue;
      }
      const over = new AbortController();
      logger.info({ room: roomId, players: options.handles.length }, 'playing');
      const playing = playInto(roomId, audience, options, AbortSignal.any([signal, over.signal]));
      let isLive = true;
      while (isLive && !signal.aborted) {
        await resting(MS_BETWEEN_LOOKS, signal);
        // A platform that does not answer just now has not ended the room.
        isLive = (await liveRoom().catch(() => roomId)) === roomId;
      }
      over.abort();
      await playing;
    }
  } finally {
    await Promise.all([guest.close(), audience.leave()]);
  }
}

/** Resolves after the time or when the signal comes. */
async function resting(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {});
}

async function playInto(
  roomId: string,
  audience: Audience,
  { market, pace, seed, logger }: PlayerOptions,
  signal: AbortSignal,
): Promise<void> {
  const random = seededRandom(seed);
  const lines = texts.chat[texts.markets[market]?.language ?? 'en'] ?? [];
  const acts: readonly [number, (somebody: DemoSession) => Promise<unknown>][] = [
    [
      pace.msBetweenComments,
      ({ client }) =>
        client.run(operations.COMMENT, {
          input: { subjectId: roomId, text: random.pick(lines), idempotencyKey: randomUUID() },
        }),
    ],
    [
      pace.msBetweenLikes,
      ({ client }) =>
        client.run(operations.LIKE, { input: { roomId, count: random.between(1, 12) } }),
    ],
    [pace.msBetweenPurchases, (somebody) => purchase(somebody, roomId, market, random)],
  ];
  await Promise.all(
    acts.map(async ([every, act]) => {
      while (!signal.aborted) {
        // Between half and one and a half of the average, so that no rhythm shows.
        await resting(every * (0.5 + random.next()), signal);
        if (signal.aborted) return;
        await audience
          .somebody(random)
          .then(act)
          .catch((error: unknown) => logger.info({ err: error }, 'an act was refused'));
      }
    }),
  );
}

/** People who sign in when it is first their turn, and again before their tokens expire. */
interface Audience {
  somebody(random: Random): Promise<DemoSession>;
  leave(): Promise<void>;
}

function makeAudience({ url, handles }: PlayerOptions): Audience {
  const present = new Map<
    string,
    { readonly session: Promise<DemoSession>; readonly at: number }
  >();
  const leave = async (session: Promise<DemoSession>) => (await session).client.close();
  return {
    somebody(random) {
      const handle = random.pick(handles);
      const known = present.get(handle);
      if (known && performance.now() - known.at < SESSION_MS) return known.session;
      const session = signIn(url, handle);
      present.set(handle, { session, at: performance.now() });
      // Who could not come in tries again at the next turn.
      session.catch(() => present.delete(handle));
      if (known) leave(known.session).catch(() => {});
      return session;
    },
    leave: async () =>
      void (await Promise.allSettled([...present.values()].map(({ session }) => leave(session)))),
  };
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
