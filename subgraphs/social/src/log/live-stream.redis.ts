import type { Services } from '@vitrine/platform/services';
import { cursorOf, type LiveEvent, type LiveEventBody } from '../live/live-event.ts';
import { roomKey } from './room-keys.redis.ts';

/** Entries a stream keeps, about; what is older is read from MongoDB. */
const MAX_LENGTH = 10_000;

/**
 * Adds entries that follow on what is there, in their order, and announces each. Entries that are
 * there already are passed over, so a repeated append does nothing; at a gap it stops, because a
 * stream takes no lower id afterwards. Answers the sequence of the stream's last entry.
 * `last-generated-id` and not the last entry: the last may have been removed.
 */
const APPEND = `
local last = 0
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = tonumber(string.match(info[i + 1], '^%d+')) end
  end
end
for i = 4, #ARGV, 2 do
  local sequence = tonumber(ARGV[i])
  if sequence > last then
    if sequence > last + 1 and ARGV[3] ~= '1' then return last end
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], sequence .. '-0', 'e', ARGV[i + 1])
    redis.call('PUBLISH', ARGV[1], ARGV[i + 1])
    last = sequence
  end
end
return last`;

/** An event as it is written to the stream and published. */
interface Wire {
  readonly r: string;
  readonly s: number;
  readonly t: number;
  readonly b: LiveEventBody;
}

const write = ({ roomId, sequence, at, body }: LiveEvent): string =>
  JSON.stringify({ r: roomId, s: sequence, t: at.getTime(), b: body } satisfies Wire);

/** Reads what `write` wrote: only this subgraph writes to its rooms' streams and channels. */
export function readEvent(text: string): LiveEvent {
  const { r, s, t, b } = JSON.parse(text) as Wire;
  return { kind: 'EVENT', roomId: r, sequence: s, at: new Date(t), body: b };
}

export interface LiveStream {
  /** The last sequence in the stream afterwards; lower than that of `events` when entries are missing before them. */
  append(
    roomId: string,
    events: readonly LiveEvent[],
    options: { readonly mayStartAnywhere: boolean },
  ): Promise<number>;
  /** What the stream has after a sequence; with gaps where it was trimmed or entries were removed. */
  readAfter(roomId: string, sequence: number, limit: number): Promise<LiveEvent[]>;
  remove(roomId: string, sequence: number): Promise<void>;
  /** 0 without a stream. */
  lastSequence(roomId: string): Promise<number>;
}

export function liveStream(services: Pick<Services, 'redis' | 'key'>): LiveStream {
  const { redis } = services;
  const streamOf = (roomId: string) => roomKey(services, roomId, 'events');
  return {
    async append(roomId, events, { mayStartAnywhere }) {
      const pairs = events.flatMap((event) => [String(event.sequence), write(event)]);
      const last = await redis.eval(
        APPEND,
        1,
        streamOf(roomId),
        roomKey(services, roomId, 'channel'),
        String(MAX_LENGTH),
        mayStartAnywhere ? '1' : '0',
        ...pairs,
      );
      return Number(last);
    },
    async readAfter(roomId, sequence, limit) {
      const found = await redis.xrange(
        streamOf(roomId),
        `(${cursorOf({ sequence })}`,
        '+',
        'COUNT',
        limit,
      );
      return found.flatMap(([, fields]) => (fields[1] === undefined ? [] : readEvent(fields[1])));
    },
    async remove(roomId, sequence) {
      await redis.xdel(streamOf(roomId), cursorOf({ sequence }));
    },
    async lastSequence(roomId) {
      const last = await redis.eval(APPEND, 1, streamOf(roomId), '', '', '0');
      return Number(last);
    },
  };
}
