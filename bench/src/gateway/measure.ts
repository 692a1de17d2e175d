import { isDeepStrictEqual } from 'node:util';
import { cpuDuring } from '../cpu.ts';
import { minimum } from '../figures.ts';
import type { Child } from './child.ts';
import type { Entrant } from './entrants.ts';
import { READER, readerVariables } from './graph/shop-graph.ts';
import type { LoadAnswer, LoadOrder } from './messages.ts';

export type Load = Child<LoadOrder, LoadAnswer>;

const ROUNDS = 5;
/**
 * CPU time that each gateway has before it is measured: compilers that work beside the requests
 * (V8's) are done with them by then. The same time for all, so that none is measured colder.
 */
const WARM_UP_MS = 4_000;
/** Requests between two looks at the time. */
const WARM_UP_SLICE = 150;
const COMPARED = 20;
/**
 * CPU time of one gateway in one round. The kernel counts in steps of 10 ms, so this is what keeps
 * the error of a figure at about two per cent.
 */
const ROUND_MS = 500;
const REQUESTS = { least: 150, most: 8_000 };

/** CPU ms per request of each entrant, in their order: the smallest of interleaved rounds. */
export async function cpuPerRequest(
  entrants: readonly Entrant[],
  load: Load,
  say: (line: string) => void,
): Promise<readonly number[]> {
  let from = 0;
  const run = async ({ label, url, pid }: Entrant, count: number): Promise<number> => {
    const order: LoadOrder = { url, query: READER, from, count };
    from += count;
    const [ms = Number.NaN] = await cpuDuring([pid], async () => {
      const answer = await load.ask(order);
      if ('failures' in answer && answer.failures > 0) {
        throw new Error(`${label}: ${answer.failures} of ${count} failed: ${answer.first}`);
      }
    });
    return ms / count;
  };

  const counts: number[] = [];
  for (const entrant of entrants) {
    let warm = Number.NaN;
    let slice = WARM_UP_SLICE;
    for (let spent = 0; spent < WARM_UP_MS; spent += warm * slice) {
      // Slices grow with the speed that shows, since the kernel counts in steps of 10 ms.
      if (warm > 0) slice = Math.max(WARM_UP_SLICE, Math.round(ROUND_MS / warm));
      warm = await run(entrant, slice);
    }
    const count = Math.round(ROUND_MS / Math.max(warm, 0.05));
    counts.push(Math.min(REQUESTS.most, Math.max(REQUESTS.least, count)));
  }
  const measured = entrants.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, entrant] of entrants.entries()) {
      measured[index]?.push(await run(entrant, counts[index] ?? REQUESTS.least));
    }
    say(`round ${round + 1} of ${ROUNDS}`);
  }
  return measured.map(minimum);
}

/** A peer is only a peer when it answers the same. Throws naming who does not. */
export async function sameAnswers(entrants: readonly Entrant[]): Promise<void> {
  for (let index = 0; index < COMPARED; index += 1) {
    const answers = await Promise.all(entrants.map(({ url }) => answerOf(url, index)));
    for (const [at, answer] of answers.entries()) {
      if (!isDeepStrictEqual(answer, answers[0])) {
        throw new Error(
          `${entrants[at]?.label} and ${entrants[0]?.label} differ: ${JSON.stringify([answer, answers[0]])}`,
        );
      }
    }
  }
}

async function answerOf(url: string, index: number): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: READER, variables: readerVariables(index) }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown }; // GraphQL
  if (errors || !data) throw new Error(`${url}: ${JSON.stringify({ data, errors })}`);
  return data;
}
