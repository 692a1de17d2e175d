import type { Services } from '@vitrine/platform/services';
import type { RoomPulse } from '../live/live-event.ts';
import { roomKey } from '../log/room-keys.redis.ts';
import type { Totals } from './room-totals.ts';

/** A process that has not ticked for so long is gone, and its viewers with it. */
const AUDIENCE_MS = 5_000;
/** Over all processes, a room's pulse is published at most this often. */
export const PULSE_MS = 250;
/** Totals outlive the show, so that looking at it afterwards costs no more. */
const KEPT_SECONDS = 7 * 86_400;

/** What Redis has lost goes on from what was last folded. */
const LIKE = `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
redis.call('EXPIRE', KEYS[1], ARGV[3])
return redis.call('INCRBY', KEYS[1], ARGV[2])`;

/**
 * One process tells its audience of a room; whoever comes first in a period publishes the totals,
 * if they have changed. Answers the last sequence of the room's stream, so that the process notices
 * when it has missed something. Redis's own clock, so that processes need not agree on the time.
 */
const TICK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if tonumber(ARGV[2]) > 0 then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. ':' .. string.format('%.0f', now + ARGV[3]))
else
  redis.call('HDEL', KEYS[2], ARGV[1])
end
local last = 0
if redis.call('EXISTS', KEYS[5]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[5])
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = tonumber(string.match(info[i + 1], '^%d+')) end
  end
end
if not redis.call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[6]) then return last end
local viewers = 0
local audience = redis.call('HGETALL', KEYS[2])
for i = 1, #audience, 2 do
  local count, expires = string.match(audience[i + 1], '^(%d+):(%d+)$')
  if tonumber(expires) > now then viewers = viewers + count
  else redis.call('HDEL', KEYS[2], audience[i]) end
end
if redis.call('SET', KEYS[1], ARGV[4], 'NX') then redis.call('EXPIRE', KEYS[1], ARGV[7]) end
local pulse = string.format('%.0f,%s,%s', viewers, redis.call('GET', KEYS[1]), ARGV[5])
if pulse ~= redis.call('GET', KEYS[4]) then
  redis.call('SET', KEYS[4], pulse, 'EX', ARGV[7])
  redis.call('PUBLISH', ARGV[8], pulse)
end
return last`;

/** One process's look at a room. */
export interface Tick {
  readonly roomId: string;
  /** The process. */
  readonly nodeId: string;
  /** Readers of the room in this process; 0 takes the process off the list. */
  readonly readers: number;
  readonly foldedLikes: number;
  readonly orderCount: number;
}

export interface TotalsStore extends Totals {
  /** The last sequence of the room's stream. */
  tick(tick: Tick): Promise<number>;
}

/** Reads a published pulse, or null for what is none. */
export function readPulse(text: string): RoomPulse | null {
  const match = /^(\d+),(\d+),(\d+)$/.exec(text);
  return (
    match && {
      kind: 'PULSE',
      viewerCount: Number(match[1]),
      likeCount: Number(match[2]),
      orderCount: Number(match[3]),
    }
  );
}

function audienceOf(nodes: Readonly<Record<string, string>>, nowMs: number): number {
  return Object.values(nodes)
    .map((node) => node.split(':').map(Number))
    .filter(([, expires = 0]) => expires > nowMs)
    .reduce((sum, [count = 0]) => sum + count, 0);
}

export function totalsStore(services: Pick<Services, 'redis' | 'key' | 'logger'>): TotalsStore {
  const { redis } = services;
  return {
    async read(rooms) {
      try {
        const [[seconds = 0, micros = 0], ...found] = await Promise.all([
          redis.time(),
          ...rooms.map((room) =>
            Promise.all([
              redis.get(roomKey(services, room.id, 'likes')),
              redis.hgetall(roomKey(services, room.id, 'audience')),
            ]),
          ),
        ]);
        const nowMs = Number(seconds) * 1_000 + Number(micros) / 1_000;
        return rooms.map((room, at) => {
          const [likes, nodes] = found[at] ?? [null, {}];
          return {
            roomId: room.id,
            likeCount: Math.max(Number(likes ?? 0), room.likeCount),
            viewerCount: audienceOf(nodes, nowMs),
          };
        });
      } catch (error) {
        services.logger.warn({ err: error }, 'totals of rooms are as last folded');
        return rooms.map(({ id, likeCount, viewerCount }) => ({
          roomId: id,
          likeCount,
          viewerCount,
        }));
      }
    },

    async like(room, count) {
      const key = roomKey(services, room.id, 'likes');
      await redis.eval(LIKE, 1, key, room.likeCount, count, KEPT_SECONDS);
    },

    async tick({ roomId, nodeId, readers, foldedLikes, orderCount }) {
      const keys = (['likes', 'audience', 'tick', 'pulse', 'events'] as const).map((part) =>
        roomKey(services, roomId, part),
      );
      const last = await redis.eval(
        TICK,
        keys.length,
        ...keys,
        nodeId,
        readers,
        AUDIENCE_MS,
        foldedLikes,
        orderCount,
        // A little less than the period, so that a process that ticks on time is not refused.
        PULSE_MS - 10,
        KEPT_SECONDS,
        roomKey(services, roomId, 'channel'),
      );
      return Number(last);
    },
  };
}
