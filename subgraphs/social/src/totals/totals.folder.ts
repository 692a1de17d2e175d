import { SECOND } from '@vitrine/kernel/clock';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import type { LiveRoomStore } from '../rooms/live-room.store.ts';
import type { Totals } from './room-totals.ts';

const EVERY_MS = 3 * SECOND;

interface FoldNeeds {
  readonly rooms: Pick<LiveRoomStore, 'underWay' | 'fold'>;
  readonly totals: Pick<Totals, 'read'>;
}

/** Writes the totals that have moved since they were last written. */
export async function foldTotals({ rooms, totals }: FoldNeeds): Promise<void> {
  const known = new Map((await rooms.underWay()).map((room) => [room.id, room]));
  const now = await totals.read([...known.values()]);
  await rooms.fold(
    now.filter(({ roomId, viewerCount, likeCount }) => {
      const before = known.get(roomId);
      return before?.viewerCount !== viewerCount || before.likeCount !== likeCount;
    }),
  );
}

/**
 * Writes running totals of rooms under way to MongoDB, so that lists can sort by viewers and losing
 * Redis costs the likes of a few seconds at most.
 */
export function startFolding(services: Services, needs: FoldNeeds): Closable {
  let running: Promise<void> | null = null;
  const interval = setInterval(() => {
    running ??= foldTotals(needs)
      .catch((error: unknown) =>
        services.logger.warn({ err: error }, 'totals of rooms will be folded later'),
      )
      .finally(() => {
        running = null;
      });
  }, EVERY_MS);
  return {
    async close() {
      clearInterval(interval);
      await running;
    },
  };
}
