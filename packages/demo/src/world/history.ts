import type { DemoPerson } from './people.ts';
import type { DemoProduct } from './products.ts';
import type { Random } from './random.ts';

/** Something a buyer did, as the graph's `recordEvents` takes it, with who and when. */
export interface DemoEvent {
  readonly userId: string;
  readonly kind: 'VIEW' | 'CLICK' | 'ADD_TO_CART' | 'LIKE';
  readonly productId: string;
  readonly market: string;
  readonly at: Date;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Browsing with a shape that recommendations can find: each buyer likes two categories, visits in
 * sessions that stay within one of them, and likes what others with the same taste like, since
 * every category has a few favourites that are looked at more often.
 */
export function makeHistory(
  buyers: readonly DemoPerson[],
  products: readonly DemoProduct[],
  {
    random,
    now,
    sessions,
  }: { readonly random: Random; readonly now: Date; readonly sessions: number },
): DemoEvent[] {
  const byMarket = Map.groupBy(products, (product) => product.market);
  return buyers
    .flatMap((buyer) => {
      const offered = Map.groupBy(byMarket.get(buyer.market) ?? [], (product) => product.category);
      const tastes = random.sample([...offered.values()], 2);
      return Array.from({ length: sessions }, () => {
        const start = now.getTime() - random.between(1, 72 * 60) * MINUTE;
        return session(buyer, random.pick(tastes), start, random);
      }).flat();
    })
    .filter(({ at }) => at.getTime() > now.getTime() - 73 * HOUR)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

function session(
  buyer: DemoPerson,
  category: readonly DemoProduct[],
  start: number,
  random: Random,
): DemoEvent[] {
  // The square of a random number is small more often than not: the first products are the favourites.
  const favourite = () => category[Math.floor(random.next() ** 2 * category.length)];
  return Array.from({ length: random.between(4, 8) }, (_, step) => {
    const product = favourite();
    if (!product) return [];
    const event = (kind: DemoEvent['kind'], seconds: number): DemoEvent => ({
      userId: buyer.userId,
      kind,
      productId: product.productId,
      market: buyer.market,
      at: new Date(start + step * MINUTE + seconds * 1_000),
    });
    return [
      event('VIEW', 0),
      ...(random.chance(0.4) ? [event('CLICK', 5)] : []),
      ...(random.chance(0.15) ? [event('LIKE', 10)] : []),
      ...(random.chance(0.1) ? [event('ADD_TO_CART', 20)] : []),
    ];
  }).flat();
}
