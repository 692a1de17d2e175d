import type { Data } from '@vitrine/graph-client/graph-client';
import type { DemoSession } from '../sign-in.ts';
import { eventually } from './eventually.ts';
import type { Bought } from './in-the-room.ts';
import { MARKET } from './market.ts';
import * as operations from './operations.ts';
import type { Story } from './story.ts';

export const commissionsOf = async (host: DemoSession): Promise<Data> =>
  (await host.client.run(operations.COMMISSIONS)).viewer.creator;

export async function creatorEarns(
  story: Story,
  host: DemoSession,
  { productId }: Bought,
  before: Data,
): Promise<void> {
  story.step('The creator’s commission accrues');
  const known = new Set(before['commissions'].nodes.map(({ id }: Data) => id));
  const isNew = ({ id, product }: Data) => !known.has(id) && product?.id === productId;
  const after = await eventually(
    () => commissionsOf(host),
    (creator) => creator['commissions'].nodes.some(isNew),
  );
  const commission = after['commissions'].nodes.find(isNew);
  story.promise('a commission for this sale is there', commission !== undefined, after);
  const { amount, base, rateBps } = commission;
  story.got(`${amount.amount} ${amount.currencyCode}, ${rateBps / 100} % of ${base.amount}`);
  const owed = Math.floor((Number(base.amount) * 100 * rateBps) / 10_000) / 100;
  story.promise('at the rate agreed, rounded down', Number(amount.amount) === owed, commission);
}

export async function recommendationsChange(
  story: Story,
  buyer: DemoSession,
  { productId }: Bought,
  page: Data,
): Promise<void> {
  story.step('The viewer’s recommendations change');
  const idsOf = async () => {
    const { viewer } = await buyer.client.run(operations.RECOMMENDATIONS, { market: MARKET });
    return viewer.recommendedProducts.nodes.map(({ product, reason }: Data) => ({
      id: product.id,
      title: product.title,
      reason: reason.text,
    })) as { id: string; title: string; reason: string }[];
  };
  const before = await idsOf();
  const interest = page['liveRoom'].bag.nodes
    .map(({ product }: Data) => product)
    .find(({ id, inStock }: Data) => id !== productId && inStock);
  const [dismissed] = before;
  const at = new Date().toISOString();
  const events = [
    { kind: 'VIEW', productId: interest.id, market: MARKET, at, dwellMs: 20_000 },
    { kind: 'LIKE', productId: interest.id, market: MARKET, at },
    ...(dismissed ? [{ kind: 'DISMISS', productId: dismissed.id, market: MARKET, at }] : []),
  ];
  story.sent(
    `recordEvents: looked at and liked “${interest.title}”, not interested in “${dismissed?.title}”`,
  );
  const { recordEvents } = await buyer.client.run(operations.RECORD_EVENTS, { input: { events } });
  story.promise('the events are taken', recordEvents.userErrors.length === 0, recordEvents);
  const start = performance.now();
  const after = await eventually(
    idsOf,
    (items) =>
      items.every(({ id }) => id !== dismissed?.id) &&
      JSON.stringify(items) !== JSON.stringify(before),
  );
  story.promise(
    'other products are offered',
    JSON.stringify(after) !== JSON.stringify(before),
    after,
  );
  story.promise(
    'what was dismissed or has just been bought is not among them',
    after.every(({ id }) => id !== dismissed?.id && id !== productId),
    after,
  );
  story.got(
    `after ${Math.round(performance.now() - start)} ms: “${after[0]?.title}” (${after[0]?.reason})`,
  );
}
