import type { Services } from '@vitrine/platform/services';
import { neighbourStore } from '../neighbours/neighbours.store.ts';
import { sharesOf } from '../neighbours/neighbours.ts';
import { offerStore } from '../products/offer.store.ts';
import { marketsOf } from '../products/offer.ts';
import { hiddenFrom, interestAt, newProfile, type Profile } from '../profiles/profile.ts';
import { blend } from '../ranking/blend.ts';
import { diversify } from '../ranking/diversify.ts';
import { valueAt } from '../signals/heat.ts';
import { trendStore } from '../trends/trend.store.ts';
import { TREND_HALF_LIFE_MS } from '../trends/trend.ts';
import { feedStore } from './feed.store.ts';
import { FEED_SIZE, type Feed } from './feed.ts';

const INTERESTS = 20;
const TRENDING = 300;
const NEWEST = 60;

/** Ranks a market's products for a viewer; one nothing is known of gets what is trending. */
export function feedMaker(services: Services) {
  const { clock, newId } = services;
  const neighbours = neighbourStore(services);
  const trends = trendStore(services);
  const offers = offerStore(services);
  const feeds = feedStore(services);

  return async function makeFeed(
    viewerId: string,
    market: string,
    known: Profile | null,
  ): Promise<Feed> {
    const now = clock();
    const profile = known ?? newProfile(viewerId);
    const interests = profile.recent
      .map((interest) => ({ productId: interest.productId, value: interestAt(interest, now) }))
      .toSorted((a, b) => b.value - a.value)
      .slice(0, INTERESTS);
    const [near, hot, newest] = await Promise.all([
      neighbours.findMany(interests.map(({ productId }) => productId)),
      trends.hottest(market, null, TRENDING),
      offers.newest(market, NEWEST),
    ]);
    const shares = new Map(near.map((own) => [own.productId, sharesOf(own)]));
    const ids = new Set([
      ...interests.map(({ productId }) => productId),
      ...[...shares.values()].flat().map(({ productId }) => productId),
      ...hot.map(({ productId }) => productId),
    ]);
    const found = [...newest, ...(await offers.findMany([...ids]))];
    const offerOf = new Map(found.map((offer) => [offer.productId, offer]));
    const hidden = hiddenFrom(profile, now);
    const bought = new Set(profile.purchased.map(({ productId }) => productId));

    const candidates = blend({
      interests,
      neighboursOf: (productId) => shares.get(productId) ?? [],
      trending: hot.map(({ productId, heat }) => ({
        productId,
        value: valueAt(heat, now, TREND_HALF_LIFE_MS),
      })),
      newest: newest.map(({ productId }) => productId),
      categoryOf: (productId) => offerOf.get(productId)?.listing?.category ?? null,
      hasBought: (productId) => bought.has(productId),
      isAllowed: (productId) => {
        const offer = offerOf.get(productId);
        return !hidden.has(productId) && offer !== undefined && marketsOf(offer).has(market);
      },
    });
    const feed: Feed = {
      viewerId,
      market,
      version: newId('evt'),
      profileVersion: profile.version,
      madeAt: now,
      items: diversify(candidates, FEED_SIZE).map(({ productId, kind, becauseId }) => ({
        productId,
        kind,
        becauseId,
      })),
    };
    await feeds.save(feed);
    return feed;
  };
}
