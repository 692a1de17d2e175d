import { type GroupOptions, openGroup } from './group.ts';
import type { aLog } from './log.fixture.ts';
import { openPlaces } from './places.ts';
import { defaultRecollection } from './recent-events.ts';

export const upTo = (last: number, from = 1): number[] =>
  Array.from({ length: Math.max(0, last - from + 1) }, (_, at) => from + at);

export function aGroup(
  log: ReturnType<typeof aLog>,
  { resumeAfter = null, ...options }: Partial<GroupOptions> & { resumeAfter?: string | null } = {},
) {
  const state = { isOver: false, isEmpty: false };
  const group = openGroup(
    {
      open: log.open,
      canResume: true,
      recollection: defaultRecollection,
      places: openPlaces(100),
      now: () => 0,
      onOver: () => {
        state.isOver = true;
      },
      onEmpty: () => {
        state.isEmpty = true;
      },
      ...options,
    },
    resumeAfter,
  );
  return { group, state };
}
