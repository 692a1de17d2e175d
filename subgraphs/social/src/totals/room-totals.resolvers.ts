import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import { requireViewer } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import { rateLimited } from '../limits/rate-limit.payload.ts';
import { roomRefused } from '../rooms/live-room.payload.ts';
import type { LikeRoomRefusal } from './room-totals.ts';

function errorsOf(refusal: LikeRoomRefusal) {
  if (refusal === 'NOT_FOUND') return [notFound('The room', ['roomId'])];
  if (typeof refusal === 'string') return [roomRefused(refusal)];
  return 'problems' in refusal
    ? refusal.problems.map(invalidInput)
    : [rateLimited(refusal, 'count')];
}

export const roomTotalsResolvers: Resolvers = {
  Mutation: {
    async likeRoom(_root, { input }, { viewer, likeRoom }) {
      const outcome = await likeRoom({
        actorId: requireViewer(viewer).userId,
        ...input,
        count: input.count ?? 1,
      });
      return outcome.ok
        ? { room: outcome.value, userErrors: [] }
        : { room: null, userErrors: errorsOf(outcome.refusal) };
    },
  },
};
