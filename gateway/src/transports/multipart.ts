import type { Parts } from '../requests/request.ts';
import type { StreamFormat } from './result-stream.ts';

const BEFORE = '\r\ncontent-type: application/json; charset=utf-8\r\n\r\n';
/** A part is over for the client with the boundary that follows it, so it is sent at once. */
const AFTER = '\r\n--graphql';
const part = (json: string): string => `${BEFORE}${json}${AFTER}`;
const head = Buffer.from(`${BEFORE}{"payload":`);
const tail = Buffer.from(`}${AFTER}`);

/**
 * Subscriptions over `multipart/mixed`, as Apollo's clients and router speak it
 * (`subscriptionSpec=1.0`): a part per result under `payload`, empty objects as heartbeats, and
 * errors beside a null payload where the stream breaks.
 */
export const multipartStream: StreamFormat = {
  transport: 'multipart',
  headers: { 'content-type': 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"' },
  opening: '\r\n--graphql',
  heartbeat: part('{}'),
  heartbeatMs: 5_000,
  event: (json) => Buffer.concat([head, json, tail]),
  errors: (errors, kind) =>
    part(JSON.stringify(kind === 'refused' ? { payload: { errors } } : { payload: null, errors })),
  closing: '--\r\n',
};

/**
 * A deferred answer over `multipart/mixed` (`deferSpec=20220824`): the first part is the answer
 * without what is deferred, the others complete it.
 */
export async function* deferredParts(parts: Parts): AsyncGenerator<string, void, void> {
  yield '\r\n--graphql';
  for await (const payload of parts) yield part(JSON.stringify(payload));
  yield '--\r\n';
}
