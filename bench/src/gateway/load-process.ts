import { Pool } from 'undici';
import { readerVariables } from './graph/shop-graph.ts';
import type { LoadAnswer, LoadOrder } from './messages.ts';

/* Sends requests over kept connections, 16 at a time, and says how many did not answer with data. */
export const CONCURRENCY = 16;
const pools = new Map<string, Pool>();

async function load({ url, query, from, count, tokens }: LoadOrder): Promise<LoadAnswer> {
  const { origin, pathname } = new URL(url);
  const pool = pools.get(origin) ?? new Pool(origin, { connections: CONCURRENCY, pipelining: 1 });
  pools.set(origin, pool);
  let sent = 0;
  let failures = 0;
  let first: string | undefined;
  const lane = async (): Promise<void> => {
    while (sent < count) {
      const at = sent++;
      const variables = readerVariables(from + at);
      const token = tokens?.[at % tokens.length];
      const { statusCode, body } = await pool.request({
        path: pathname,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query, variables }),
      });
      const text = await body.text();
      if (statusCode === 200 && !text.includes('"errors"')) continue;
      failures += 1;
      first ??= `${statusCode} ${text.slice(0, 300)}`;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return { failures, ...(first === undefined ? {} : { first }) };
}

const answer = (message: LoadAnswer): void => void process.send?.(message);
process.on('message', async (order: LoadOrder) => answer(await load(order)));
process.on('disconnect', () => process.exit());
answer({ ready: true });
