import type { StreamFormat } from './result-stream.ts';

const BEFORE = Buffer.from('event: next\ndata: ');
const AFTER = Buffer.from('\n\n');

/**
 * Server-sent events by the GraphQL over Server-Sent Events protocol, in its "distinct connections"
 * mode: a stream per operation, which `complete` ends. JSON has no line breaks, so a result is one
 * line of data.
 */
export const eventStream: StreamFormat = {
  transport: 'sse',
  headers: { 'content-type': 'text/event-stream; charset=utf-8', connection: 'keep-alive' },
  opening: ':\n\n',
  heartbeat: ':\n\n',
  heartbeatMs: 12_000,
  event: (json) => Buffer.concat([BEFORE, json, AFTER]),
  errors: (errors) => `event: next\ndata: ${JSON.stringify({ errors })}\n\n`,
  closing: 'event: complete\ndata:\n\n',
};
