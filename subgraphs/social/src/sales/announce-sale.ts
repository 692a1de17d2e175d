import type { LiveEventBody } from '../live/live-event.ts';
import type { CardPrice } from '../product-cards/product-card.ts';

/** A unit of an order, as orders tells it. */
export interface SoldLine {
  readonly productId: string;
  readonly title: string;
  readonly price: CardPrice;
  readonly source: { readonly kind: 'LIVE_ROOM' | 'VIDEO'; readonly id: string } | null;
}

/** What one order bought of one product from one room. */
export interface Sale {
  readonly productId: string;
  readonly title: string;
  readonly price: CardPrice;
  readonly quantity: number;
}

/** Sales of an order by the room they came from, in the order of its lines; one unit is one line. */
export function salesByRoom(lines: readonly SoldLine[]): Map<string, Sale[]> {
  const fromRooms = lines.flatMap((line) =>
    line.source?.kind === 'LIVE_ROOM' ? [{ ...line, roomId: line.source.id }] : [],
  );
  return new Map(
    [...Map.groupBy(fromRooms, ({ roomId }) => roomId)].map(([roomId, own]) => [
      roomId,
      [...Map.groupBy(own, ({ productId }) => productId)].flatMap(([productId, units]) => {
        const [first] = units;
        if (!first) return [];
        return [{ productId, title: first.title, price: first.price, quantity: units.length }];
      }),
    ]),
  );
}

/** What a room is told about sales from its bag. */
export const announcements =
  (
    sales: readonly Sale[],
    buyerName: string,
    thumbnailOf: (productId: string) => string | null,
  ): ((orderCount: number) => LiveEventBody[]) =>
  (orderCount) =>
    sales.map(({ productId, title, price, quantity }) => ({
      type: 'PRODUCT_SOLD',
      productId,
      title,
      thumbnailUrl: thumbnailOf(productId),
      price,
      quantity,
      buyerName,
      orderCount,
    }));
