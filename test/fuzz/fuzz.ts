import { readFileSync } from 'node:fs';
import { seededRandom } from '@vitrine/demo/world/random';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { Pool } from 'undici';
import { operationOf } from './documents.ts';
import { type FuzzRequest, requestOf } from './requests.ts';
import { babble } from './sockets.ts';
import { knownIds } from './values.ts';

export interface FuzzOptions {
  /** Of `/graphql`. */
  readonly url: string;
  /** The gateway's, for its memory. */
  readonly pid: number;
  readonly documents: number;
  readonly seed: number;
  /** An answer that takes longer is a hang, unless it is quick when nobody else asks. */
  readonly limitMs?: number;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly done: number;
  readonly perSecond: number;
  readonly megabytes: number;
  readonly failures: number;
}

export interface Failure {
  /** Makes the same request again: `npm run fuzz -- --seed <seed> --only <number>`. */
  readonly number: number;
  readonly reason: string;
  readonly request: FuzzRequest;
  readonly answer: string;
}

export interface FuzzReport {
  readonly documents: number;
  /** Answers that carried something out. */
  readonly carriedOut: number;
  readonly refused: number;
  readonly slowestMs: number;
  readonly failures: readonly Failure[];
  /** Resident memory of the gateway when its caches had filled, and at the end. */
  readonly megabytes: { readonly warm: number; readonly end: number };
}

const AT_ONCE = 8;
const MOST_FAILURES = 20;
/** A socket that talks nonsense for so many requests. */
const PER_SOCKET = 50;
/** Requests that are made of one operation: planning a new one takes longer than all else together. */
const PER_OPERATION = 8;

/** The graph as clients see it. */
export const publicSchema = (): GraphQLSchema =>
  buildSchema(readFileSync(new URL('../../schema/public.graphql', import.meta.url), 'utf8'));

/**
 * Sends random operations, broken ones and nonsense, several at once, and notes whatever is no
 * proper answer: a connection that breaks, a 500, an answer that is no GraphQL result, an error that
 * nobody meant, a hang. Ends early after twenty failures, or when the gateway is gone.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { url, pid, documents, seed, limitMs = 1_000, onProgress = () => {} } = options;
  const { origin } = new URL(url);
  const schema = publicSchema();
  const ids = knownIds();
  const pool = new Pool(origin, {
    connections: AT_ONCE,
    bodyTimeout: 30_000,
    headersTimeout: 30_000,
  });
  const failures: Failure[] = [];
  const count = { done: 0, carriedOut: 0, refused: 0 };
  const startedAt = performance.now();
  let next = 0;
  let slowestMs = 0;
  let warm = 0;

  const send = async (request: FuzzRequest) => {
    const began = performance.now();
    const { statusCode, body } = await pool.request({ ...request });
    const text = await body.text();
    return { status: statusCode, text, ms: performance.now() - began };
  };

  const one = async (number: number): Promise<void> => {
    const random = seededRandom(seed * 1_000_003 + number);
    if (number % PER_SOCKET === 0) await babble(url.replace(/^http/, 'ws'), schema, random, ids);
    const kin = seededRandom(seed * 1_000_003 - Math.floor(number / PER_OPERATION));
    const request = requestOf(operationOf(schema, kin, ids), random);
    const note = (reason: string, answer = '') =>
      failures.push({ number, reason, request, answer: answer.slice(0, 2_000) });
    try {
      const { status, text, ms } = await send(request);
      slowestMs = Math.max(slowestMs, ms);
      ids.learn(text);
      const wrong = whatIsWrong(status, text);
      if (wrong) note(wrong, text);
      else if (ms > limitMs && (await quickest(() => send(request))) > limitMs) {
        note(`no answer in ${limitMs} ms, alone as well (${Math.round(ms)} ms)`, text);
      }
      if (isCarriedOut(text)) count.carriedOut += 1;
      else count.refused += 1;
    } catch (error) {
      note(`the connection broke: ${error}`);
    }
  };

  const worker = async (): Promise<void> => {
    while (next < documents && failures.length < MOST_FAILURES && isAlive(pid)) {
      const number = next;
      next += 1;
      await one(number);
      count.done += 1;
      // The plans, documents and answers of a third fill every cache that there is.
      if (count.done === Math.ceil(documents / 3)) warm = megabytesOf(pid);
      if (count.done % 500 === 0) {
        const perSecond = count.done / ((performance.now() - startedAt) / 1_000);
        onProgress({
          done: count.done,
          perSecond: Math.round(perSecond),
          megabytes: megabytesOf(pid),
          failures: failures.length,
        });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await pool.close();
  return {
    documents: count.done,
    carriedOut: count.carriedOut,
    refused: count.refused,
    slowestMs: Math.round(slowestMs),
    failures,
    megabytes: { warm, end: isAlive(pid) ? megabytesOf(pid) : 0 },
  };
}

/** Why an answer is none that a client may be given, or null. */
export function whatIsWrong(status: number, text: string): string | null {
  if (status >= 500 && status !== 503) return `status ${status}`;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return `status ${status} with a body that is no JSON`;
  }
  if (typeof answer !== 'object' || answer === null) return 'an answer that is no object';
  if (!('data' in answer) && !('errors' in answer)) return 'an answer without data and errors';
  if (text.includes('INTERNAL_SERVER_ERROR')) return 'something failed inside';
  return /node_modules|at [\w.]+ \(file:/.test(text) ? 'an answer that shows our insides' : null;
}

const isCarriedOut = (text: string): boolean => text.startsWith('{"data"');

async function quickest(send: () => Promise<{ readonly ms: number }>): Promise<number> {
  const times = [];
  for (let attempt = 0; attempt < 3; attempt += 1) times.push((await send()).ms);
  return Math.min(...times);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resident memory, as Linux tells it. */
function megabytesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}
