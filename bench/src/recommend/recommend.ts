import type { Data, GraphClient } from '@vitrine/graph-client/graph-client';
import { openBenchWorld } from '../bench-world.ts';
import { type BenchResult, median, minimum } from '../figures.ts';

const BUYERS = 20;
const LIMIT_MS = 10_000;

const RECOMMENDED = `query ($market: MarketCode!) {
  viewer { recommendedProducts(market: $market, first: 12) { nodes { product { id } } } }
}`;
const RECORD = `mutation ($input: RecordEventsInput!) { recordEvents(input: $input) { accepted } }`;

/**
 * From a viewer's event to another recommendation: each of twenty buyers looks at and likes the
 * last of their twelve; the clock stops when the list they are offered is another one.
 */
export async function benchRecommend(say: (line: string) => void): Promise<BenchResult> {
  const bench = await openBenchWorld();
  try {
    const platform = await bench.start('in-process');
    const delays: number[] = [];
    const reads: number[] = [];
    for (const { userId, market } of bench.world.buyers.slice(0, BUYERS)) {
      const client = await bench.clientOf(platform, userId);
      const before = await recommended(client, market);
      const at = new Date().toISOString();
      const start = performance.now();
      await client.run(RECORD, {
        input: {
          events: (['VIEW', 'LIKE', 'ADD_TO_CART'] as const).map((kind) => ({
            kind,
            productId: before.at(-1),
            market,
            at,
          })),
        },
      });
      for (;;) {
        const asked = performance.now();
        const now = await recommended(client, market);
        reads.push(performance.now() - asked);
        if (now.join() !== before.join()) break;
        if (performance.now() - start > LIMIT_MS) throw new Error('the recommendations stay');
      }
      delays.push(performance.now() - start);
      await client.close();
    }
    say(`${delays.length} buyers`);
    return {
      name: 'recommend',
      figures: [
        { label: 'event to changed recommendation, median', value: median(delays), unit: 'ms' },
        { label: 'event to changed recommendation, minimum', value: minimum(delays), unit: 'ms' },
        {
          label: 'event to changed recommendation, maximum',
          value: Math.max(...delays),
          unit: 'ms',
        },
        { label: 'reading twelve recommendations, median', value: median(reads), unit: 'ms' },
      ],
    };
  } finally {
    await bench.stop();
  }
}

async function recommended(client: GraphClient, market: string): Promise<string[]> {
  const { viewer } = await client.run(RECOMMENDED, { market });
  return viewer.recommendedProducts.nodes.map(({ product }: Data) => product.id);
}
