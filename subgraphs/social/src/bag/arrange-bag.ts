import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type InputProblem, productListProblems } from '../input/input-rules.ts';
import type { LiveEventBody } from '../live/live-event.ts';
import { cardIn, type MarketCard, type ProductCards } from '../product-cards/product-card.ts';
import {
  type BagEntry,
  type ChangeRefusal,
  crewMayChange,
  type LiveRoom,
  type LiveRooms,
  type RoomChange,
  type RoomRefusal,
  unchanged,
} from '../rooms/live-room.ts';

export const MAX_BAG = 200;
const MAX_ADDED_AT_ONCE = 50;

type Decision = Outcome<RoomChange, RoomRefusal | 'NOT_ALLOWED'>;

const bagChanged = (
  bag: readonly BagEntry[],
  change: 'ADDED' | 'REMOVED' | 'REORDERED',
  added: readonly MarketCard[] = [],
): LiveEventBody => ({
  type: 'BAG_CHANGED',
  change,
  added,
  productIds: bag.map(({ productId }) => productId),
});

const has = (room: LiveRoom, productId: string): boolean =>
  room.bag.some((entry) => entry.productId === productId);

/** Puts cards of the room's market at the end of its bag. */
export function addToBag(room: LiveRoom, actorId: string, cards: readonly MarketCard[]): Decision {
  const may = crewMayChange(room, actorId);
  if (!may.ok) return may;
  if (cards.some((card) => !card.isActive)) return refuse('PRODUCT_UNAVAILABLE');
  if (cards.some(({ productId }) => has(room, productId))) return refuse('PRODUCT_ALREADY_IN_BAG');
  if (room.bag.length + cards.length > MAX_BAG) return refuse('BAG_FULL');
  const top = room.bag.at(-1)?.rank ?? 0;
  const bag = [
    ...room.bag,
    ...cards.map(({ productId }, at) => ({ productId, rank: top + at + 1 })),
  ];
  return accept({ room: { ...room, bag }, events: [bagChanged(bag, 'ADDED', cards)] });
}

/** Takes a product out of the bag, and off the screen when it is there. */
export function removeFromBag(room: LiveRoom, actorId: string, productId: string): Decision {
  const may = crewMayChange(room, actorId);
  if (!may.ok) return may;
  if (!has(room, productId)) return refuse('PRODUCT_NOT_IN_BAG');
  const bag = room.bag.filter((entry) => entry.productId !== productId);
  const isShown = room.pinnedProductId === productId;
  return accept({
    room: { ...room, bag, pinnedProductId: isShown ? null : room.pinnedProductId },
    events: [
      ...(isShown ? [{ type: 'CARD_UNPINNED', productId } as const] : []),
      bagChanged(bag, 'REMOVED'),
    ],
  });
}

/** Puts the bag in another order, which must name each of its products once. */
export function reorderBag(
  room: LiveRoom,
  actorId: string,
  productIds: readonly string[],
): Decision {
  const may = crewMayChange(room, actorId);
  if (!may.ok) return may;
  const isSameBag =
    productIds.length === room.bag.length &&
    new Set(productIds).size === room.bag.length &&
    productIds.every((productId) => has(room, productId));
  if (!isSameBag) return refuse('BAG_ORDER_MISMATCH');
  if (room.bag.every(({ productId }, at) => productId === productIds[at])) return unchanged(room);
  const bag = productIds.map((productId, at) => ({ productId, rank: at + 1 }));
  return accept({ room: { ...room, bag }, events: [bagChanged(bag, 'REORDERED')] });
}

interface BagCommand {
  readonly actorId: string;
  readonly roomId: string;
}

type BagOutcome<Extra = never> = Promise<Outcome<LiveRoom, ChangeRefusal | Extra>>;

export interface ArrangeBag {
  add(
    command: BagCommand & { readonly productIds: readonly string[] },
  ): BagOutcome<{ readonly problems: readonly InputProblem[] }>;
  remove(command: BagCommand & { readonly productId: string }): BagOutcome;
  reorder(command: BagCommand & { readonly productIds: readonly string[] }): BagOutcome;
}

export const arrangeBag = (
  rooms: Pick<LiveRooms, 'change'>,
  cards: Pick<ProductCards, 'findMany'>,
): ArrangeBag => ({
  async add({ actorId, roomId, productIds }) {
    const problems = productListProblems(productIds, { min: 1, max: MAX_ADDED_AT_ONCE });
    if (problems.length > 0) return refuse({ problems });
    const known = new Map((await cards.findMany(productIds)).map((card) => [card.productId, card]));
    return rooms.change(roomId, (room) => {
      const wanted = productIds.flatMap((id) => known.get(id) ?? []);
      // Rights first, so that strangers learn nothing about products from a refusal.
      const may = crewMayChange(room, actorId);
      if (!may.ok) return may;
      if (wanted.length < productIds.length) return refuse('PRODUCT_UNAVAILABLE');
      return addToBag(
        room,
        actorId,
        wanted.map((card) => cardIn(card, room.market)),
      );
    });
  },
  remove: ({ actorId, roomId, productId }) =>
    rooms.change(roomId, (room) => removeFromBag(room, actorId, productId)),
  reorder: ({ actorId, roomId, productIds }) =>
    rooms.change(roomId, (room) => reorderBag(room, actorId, productIds)),
});
