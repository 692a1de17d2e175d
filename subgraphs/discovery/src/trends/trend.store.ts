import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import type { Gain } from '../profiles/profile.ts';
import { type TrendRow, trendModel } from './trend.model.ts';
import { byHeat, type Trend, trendId, warmed } from './trend.ts';

/** Where a list of trends was left: the last one seen. */
export type TrendCursor = Pick<Trend, 'heat' | 'productId'>;

export interface Trends {
  warm(gains: readonly Gain[], tx: Transaction): Promise<void>;
  /** The next hottest of a market, by Redis, or by MongoDB when Redis cannot tell. */
  hottest(market: string, after: TrendCursor | null, count: number): Promise<Trend[]>;
}

/** So many of a market are ranked. */
const MOST_RANKED = 2_000;
/** The ranking is mended from MongoDB so often: a commit may have died before it told Redis. */
const MEND_SECONDS = 60;

export function trendStore(services: Pick<Services, 'db' | 'redis' | 'key' | 'clock'>): Trends {
  const { redis, key, clock } = services;
  const trends = trendModel(services.db);
  const rankingKey = (market: string) => key('trends', market);
  const mendedKey = (market: string) => key('trends-mended', market);

  /** Heat only rises, so `GT` makes writes that overtake each other harmless. */
  async function rank(market: string, ranked: readonly Trend[]): Promise<void> {
    if (ranked.length === 0) return;
    const members = ranked.flatMap(({ heat, productId }) => [heat, productId]);
    await redis.zadd(rankingKey(market), 'GT', ...members);
  }

  async function mend(market: string): Promise<void> {
    if ((await redis.exists(mendedKey(market))) === 1) return;
    const rows = await trends
      .find({ market })
      .sort({ heat: -1 })
      .limit(MOST_RANKED)
      .lean<TrendRow[]>();
    await rank(market, rows);
    await redis.zremrangebyrank(rankingKey(market), 0, -MOST_RANKED - 1);
    await redis.set(mendedKey(market), '1', 'EX', MEND_SECONDS);
  }

  async function fromRedis(market: string, after: TrendCursor | null, count: number) {
    await mend(market);
    const from = after === null ? '+inf' : String(after.heat);
    const found: Trend[] = [];
    // Products of equal heat may lie before the cursor: read on until enough lie behind it.
    for (let offset = 0; found.length < count; offset += count) {
      const flat = await redis.zrange(
        rankingKey(market),
        from,
        '-inf',
        'BYSCORE',
        'REV',
        'LIMIT',
        offset,
        count,
        'WITHSCORES',
      );
      for (let at = 0; at < flat.length; at += 2) {
        const trend = { market, productId: flat[at] ?? '', heat: Number(flat[at + 1]) };
        if (after === null || byHeat({ market, ...after }, trend) < 0) found.push(trend);
      }
      if (flat.length < 2 * count) break;
    }
    return found.filter((trend) => trend.productId !== after?.productId).slice(0, count);
  }

  async function fromMongo(market: string, after: TrendCursor | null, count: number) {
    const rows = await trends
      .find({
        market,
        ...(after && {
          $or: [
            { heat: { $lt: after.heat } },
            { heat: after.heat, productId: { $lt: after.productId } },
          ],
        }),
      })
      .sort({ heat: -1, productId: -1 })
      .limit(count)
      .lean<TrendRow[]>();
    return rows.map(({ productId, heat }): Trend => ({ market, productId, heat }));
  }

  return {
    async warm(gains, tx) {
      if (gains.length === 0) return;
      const ids = [...new Set(gains.map((gain) => trendId(gain.market, gain.productId)))];
      const known = await trends
        .find({ _id: { $in: ids } }, null, { session: tx.session })
        .lean<TrendRow[]>();
      const changed = warmed(known, gains);
      const warmedAt = clock();
      await trends.bulkWrite(
        changed.map((trend) => ({
          updateOne: {
            filter: { _id: trendId(trend.market, trend.productId) },
            update: { $set: { ...trend, warmedAt } },
            upsert: true,
          },
        })),
        { session: tx.session },
      );
      for (const [market, own] of Map.groupBy(changed, (trend) => trend.market)) {
        tx.afterCommit(() => rank(market, own));
      }
    },
    hottest: (market, after, count) =>
      fromRedis(market, after, count).catch(() => fromMongo(market, after, count)),
  };
}
