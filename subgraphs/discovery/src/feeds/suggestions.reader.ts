import type { Services } from '@vitrine/platform/services';
import DataLoader from 'dataloader';
import { neighbourStore } from '../neighbours/neighbours.store.ts';
import { isBoughtTogether, type Neighbours } from '../neighbours/neighbours.ts';
import { offerStore } from '../products/offer.store.ts';
import { marketsOf, type Offer, titleIn } from '../products/offer.ts';
import { profileStore } from '../profiles/profile.store.ts';
import { hiddenFrom, type Profile } from '../profiles/profile.ts';
import { reasonText, type Suggestion } from '../ranking/suggestion.ts';
import { batchStream } from '../signals/batch.stream.ts';
import { type TrendCursor, trendStore } from '../trends/trend.store.ts';
import type { Trend } from '../trends/trend.ts';
import { feedMaker } from './feed.maker.ts';
import { feedStore } from './feed.store.ts';
import { type Feed, isFresh } from './feed.ts';
import { type Picked, pick } from './page.ts';

const HEAD = 300;
/** A feed with too little in it is made anew no more often than this. */
const THIN_FEED_KEPT_MS = 2_000;

export interface FeedPlace {
  readonly version: string;
  readonly position: number;
}

export interface RelatedPlace {
  readonly position: number;
  readonly productId: string;
}

/** A suggestion with its place in the list, which the cursor names. */
export interface Placed<Place> extends Suggestion {
  readonly place: Place;
}

/** The list after a place in it: behind that product, or where it stood if it is gone. */
function pageAfter(
  list: readonly Suggestion[],
  after: RelatedPlace | null,
  size: number,
): Picked<Placed<RelatedPlace>> {
  const at = after ? list.findIndex(({ productId }) => productId === after.productId) : -1;
  const start = at >= 0 ? at + 1 : (after?.position ?? 0);
  const items = list.slice(start, start + size).map((item, index) => ({
    ...item,
    place: { position: start + index, productId: item.productId },
  }));
  return { items, hasMore: list.length > start + size };
}

/** Opens what suggestions are read from, once; what it returns serves one request. */
export function suggestionsReader(services: Services) {
  const { clock } = services;
  const profiles = profileStore(services);
  const feeds = feedStore(services);
  const trends = trendStore(services);
  const offers = offerStore(services);
  const neighbours = neighbourStore(services);
  const stream = batchStream(services);
  const makeFeed = feedMaker(services);

  return (viewerId: string | null, languages: readonly string[]) => {
    const offerLoader = new DataLoader<string, Offer | null>(async (ids) => {
      const found = new Map((await offers.findMany(ids)).map((offer) => [offer.productId, offer]));
      return ids.map((id) => found.get(id) ?? null);
    });
    const neighbourLoader = new DataLoader<string, Neighbours | null>(async (ids) => {
      const found = new Map((await neighbours.findMany(ids)).map((own) => [own.productId, own]));
      return ids.map((id) => found.get(id) ?? null);
    });
    const headLoader = new DataLoader<string, Trend[]>((markets) =>
      Promise.all(markets.map((market) => trends.hottest(market, null, HEAD))),
    );

    let ownProfile: Promise<Profile | null> | undefined;
    const profileOf = () => {
      ownProfile ??= viewerId ? profiles.find(viewerId) : Promise.resolve(null);
      return ownProfile;
    };
    let ownHidden: Promise<Set<string>> | undefined;
    const hidden = () => {
      ownHidden ??= (async () => {
        const [profile, dismissed] = await Promise.all([
          profileOf(),
          viewerId ? stream.dismissedBy(viewerId) : [],
        ]);
        return new Set([...(profile ? hiddenFrom(profile, clock()) : []), ...dismissed]);
      })();
      return ownHidden;
    };

    /** Keeps what can be bought in the market now and the viewer has not said no to. */
    async function admitted<Item extends { readonly productId: string }>(
      items: readonly Item[],
      allows: (offer: Offer) => boolean,
    ): Promise<Item[]> {
      const [out, found] = await Promise.all([
        hidden(),
        offerLoader.loadMany(items.map(({ productId }) => productId)),
      ]);
      return items.filter(({ productId }, index) => {
        const offer = found[index];
        if (offer instanceof Error) throw offer;
        return offer && !out.has(productId) && allows(offer);
      });
    }
    const soldIn = (market: string) => (offer: Offer) => marketsOf(offer).has(market);

    async function feedFor(viewer: string, market: string, place: FeedPlace | null): Promise<Feed> {
      const read = place && (await feeds.ofVersion(viewer, market, place.version));
      if (read) return read;
      const [profile, current] = await Promise.all([profileOf(), feeds.current(viewer, market)]);
      return current && isFresh(current, profile?.version ?? 0, clock())
        ? current
        : makeFeed(viewer, market, profile);
    }

    return {
      /** The viewer's own feed, after a place in it. */
      async recommended(
        viewer: string,
        market: string,
        size: number,
        after: FeedPlace | null,
      ): Promise<Picked<Placed<FeedPlace>>> {
        const read = (feed: Feed) => {
          let position = after ? after.position + 1 : 0;
          return pick(
            size,
            async (count) => {
              const start = position;
              position += count;
              return feed.items.slice(start, start + count).map((item, index) => ({
                ...item,
                place: { version: feed.version, position: start + index },
              }));
            },
            (chunk) => admitted(chunk, soldIn(market)),
          );
        };
        const feed = await feedFor(viewer, market, after);
        const picked = await read(feed);
        // A feed is made of what could be bought then. Where too little of it is left, or little was
        // there, a new one may find more.
        const isThin = after === null && picked.items.length < size;
        if (!isThin || clock().getTime() - feed.madeAt.getTime() < THIN_FEED_KEPT_MS) return picked;
        return read(await makeFeed(viewer, market, await profileOf()));
      },

      /** A market's trend, after a place in it, of one category or of all. */
      trending(
        market: string,
        category: string | null,
        size: number,
        after: TrendCursor | null,
      ): Promise<Picked<Placed<TrendCursor>>> {
        let last = after;
        return pick(
          size,
          async (count) => {
            const chunk = await trends.hottest(market, last, count);
            last = chunk.at(-1) ?? last;
            return chunk.map(({ productId, heat }) => ({
              productId,
              kind: category === null ? 'TRENDING' : 'POPULAR_IN_CATEGORY',
              becauseId: null,
              place: { heat, productId },
            }));
          },
          (chunk) =>
            admitted(
              chunk,
              (offer) =>
                soldIn(market)(offer) &&
                (category === null || offer.listing?.category === category),
            ),
        );
      },

      /** Neighbours of a product, then what is popular in its category. */
      async related(
        productId: string,
        market: string | null,
        size: number,
        after: RelatedPlace | null,
      ): Promise<Picked<Placed<RelatedPlace>>> {
        const [own, near] = await Promise.all([
          offerLoader.load(productId),
          neighbourLoader.load(productId),
        ]);
        const ownMarkets = new Set(
          market ? [market] : own?.listing?.variants.flatMap(({ markets }) => markets),
        );
        const allows = (offer: Offer) => [...marketsOf(offer)].some((sold) => ownMarkets.has(sold));
        const now = clock();
        const together = (near?.entries ?? []).map(
          (entry): Suggestion => ({
            productId: entry.productId,
            kind: isBoughtTogether(entry, now) ? 'BOUGHT_TOGETHER' : 'VIEWED_TOGETHER',
            becauseId: productId,
          }),
        );
        const first = await admitted(together, allows);
        const paged = (list: readonly Suggestion[]) => pageAfter(list, after, size);
        const page = paged(first);
        if (page.hasMore) return page;
        const category = own?.listing?.category;
        const heads = await headLoader.loadMany([...ownMarkets]);
        const listed = new Set([productId, ...first.map((suggestion) => suggestion.productId)]);
        const popular = heads
          .flatMap((head) => (head instanceof Error ? [] : head))
          .filter((trend) => !listed.has(trend.productId) && listed.add(trend.productId))
          .map(
            (trend): Suggestion => ({
              productId: trend.productId,
              kind: 'POPULAR_IN_CATEGORY',
              becauseId: null,
            }),
          );
        const rest = await admitted(
          popular,
          (offer) => allows(offer) && offer.listing?.category === category,
        );
        return paged([...first, ...rest]);
      },

      async reasonText({ kind, becauseId }: Suggestion): Promise<string> {
        const because = becauseId === null ? null : await offerLoader.load(becauseId);
        return reasonText(kind, because && titleIn(because, languages), languages);
      },
    };
  };
}
