import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import type { Answer } from '../webhook-deliveries/judge-answer.ts';
import { readRetryAfter } from '../webhook-deliveries/retry-schedule.ts';
import { AddressRefusedError, type AddressRules, guardedLookup } from './address.guard.ts';

export interface EndpointRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Asks endpoints. Never throws for what an endpoint does; throws for what is broken off by `close`. */
export interface Endpoints {
  post(request: EndpointRequest): Promise<Answer>;
  close(): Promise<void>;
}

export interface EndpointRules extends AddressRules {
  /** From the look-up of the name to the end of the answer. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** More of an answer is not read: the connection is cut instead. */
const MOST_READ = 64 * 1_024;
export const ANSWER_KEPT = 4_096;
const IDLE_MS = 4_000;

/**
 * Sockets are opened to checked addresses only and kept for a few seconds, which keeps the check: it
 * is the socket's own address. Connections are not counted per host, since endpoints of several apps
 * may share one and must not wait for each other; how many requests there are is bounded by the lanes.
 */
export function endpointClient({ timeoutMs = TIMEOUT_MS, ...rules }: EndpointRules): Endpoints {
  const agent = new Agent({
    connect: { lookup: guardedLookup(rules), timeout: timeoutMs, allowH2: false },
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    pipelining: 1,
    maxHeaderSize: 16 * 1_024,
    // One signal limits the whole.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  let isClosed = false;

  /** A host that is an address is never looked up, so it is checked here. */
  function checkLiteral(url: string): void {
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !rules.isAllowed(host)) {
      throw new AddressRefusedError(`${host} is not an address of the internet`);
    }
  }

  return {
    async post({ url, headers, body }) {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        checkLiteral(url);
        const response = await request(url, {
          method: 'POST',
          headers,
          body,
          dispatcher: agent,
          signal,
        });
        const { 'retry-after': retryAfter } = response.headers;
        return {
          kind: 'ANSWERED',
          status: response.statusCode,
          retryAfterMs: readRetryAfter(
            typeof retryAfter === 'string' ? retryAfter : undefined,
            new Date(),
          ),
          answer: await firstPart(response.body),
        };
      } catch (error) {
        // Broken off by this process, which says nothing of the endpoint.
        if (isClosed) throw error;
        return { kind: 'UNANSWERED', ...reasonOf(error, signal.aborted) };
      }
    },
    async close() {
      isClosed = true;
      await agent.destroy();
    },
  };
}

/** The beginning of a body. The status says what came of the request, so a body that breaks off is no failure. */
async function firstPart(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  const kept: Buffer[] = [];
  let read = 0;
  try {
    for await (const chunk of body) {
      if (read < ANSWER_KEPT) kept.push(chunk);
      read += chunk.length;
      if (read >= MOST_READ) break;
    }
  } catch {
    // What has come is what is kept.
  }
  // Leaving the loop has destroyed it already, unless it had ended by itself.
  body.destroy();
  // NUL is the one character that a stored text cannot hold everywhere.
  return Buffer.concat(kept).subarray(0, ANSWER_KEPT).toString('utf8').replaceAll('\0', '\uFFFD');
}

function reasonOf(
  error: unknown,
  isLate: boolean,
): Pick<Extract<Answer, { kind: 'UNANSWERED' }>, 'failure' | 'detail'> {
  if (isLate) return { failure: 'TIMEOUT', detail: 'No answer within the time limit.' };
  const refused = [error, error instanceof Error ? error.cause : null].find(
    (one) => one instanceof AddressRefusedError,
  );
  if (refused instanceof AddressRefusedError) {
    return { failure: 'ADDRESS_REFUSED', detail: refused.message };
  }
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const isTimeout = code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT';
  return {
    failure: isTimeout ? 'TIMEOUT' : 'CONNECTION',
    detail: (error instanceof Error ? `${code} ${error.message}` : String(error))
      .trim()
      .slice(0, 500),
  };
}
