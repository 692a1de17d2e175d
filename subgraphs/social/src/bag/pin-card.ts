import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { cardIn, type MarketCard, type ProductCards } from '../product-cards/product-card.ts';
import {
  type ChangeRefusal,
  crewMayChange,
  type LiveRoom,
  type LiveRooms,
  type RoomChange,
  type RoomRefusal,
  unchanged,
} from '../rooms/live-room.ts';

type Decision = Outcome<RoomChange, RoomRefusal | 'NOT_ALLOWED'>;

/**
 * Shows a product of the bag in place of what is there. Pinning what is shown already changes
 * nothing, so a repeated request tells nobody twice.
 */
export function pin(
  room: LiveRoom,
  actorId: string,
  productId: string,
  card: MarketCard | null,
): Decision {
  const may = crewMayChange(room, actorId);
  if (!may.ok) return may;
  if (!room.bag.some((entry) => entry.productId === productId)) return refuse('PRODUCT_NOT_IN_BAG');
  if (!card?.isActive) return refuse('PRODUCT_UNAVAILABLE');
  if (room.pinnedProductId === productId) return unchanged(room);
  return accept({
    room: { ...room, pinnedProductId: productId },
    events: [{ type: 'CARD_PINNED', card }],
  });
}

export function unpin(room: LiveRoom, actorId: string): Decision {
  const may = crewMayChange(room, actorId);
  if (!may.ok) return may;
  if (room.pinnedProductId === null) return unchanged(room);
  return accept({
    room: { ...room, pinnedProductId: null },
    events: [{ type: 'CARD_UNPINNED', productId: room.pinnedProductId }],
  });
}

interface PinCommand {
  readonly actorId: string;
  readonly roomId: string;
}

export interface PinCard {
  pin(
    command: PinCommand & { readonly productId: string },
  ): Promise<Outcome<LiveRoom, ChangeRefusal>>;
  unpin(command: PinCommand): Promise<Outcome<LiveRoom, ChangeRefusal>>;
}

export const pinCard = (
  rooms: Pick<LiveRooms, 'change'>,
  cards: Pick<ProductCards, 'findMany'>,
): PinCard => ({
  async pin({ actorId, roomId, productId }) {
    const [card] = await cards.findMany([productId]);
    return rooms.change(roomId, (room) =>
      pin(room, actorId, productId, card ? cardIn(card, room.market) : null),
    );
  },
  unpin: ({ actorId, roomId }) => rooms.change(roomId, (room) => unpin(room, actorId)),
});
