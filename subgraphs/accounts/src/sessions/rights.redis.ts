import { publishRightsChange, type RightsChange } from '@vitrine/platform/rights';
import type { Services } from '@vitrine/platform/services';
import type { Memberships } from '../memberships/membership.ts';
import type { Sessions } from './session.ts';

export type TellGateways = (change: RightsChange) => Promise<void>;

/**
 * Tells every gateway of a change that is carried out already. Best effort: where Redis is away,
 * tokens hold until they expire, minutes later, so nobody waits for it or fails by it.
 */
export const tellGateways =
  ({ redis, env, logger }: Pick<Services, 'redis' | 'env' | 'logger'>): TellGateways =>
  (change) =>
    publishRightsChange(redis, env.NAMESPACE, change).catch((error: unknown) =>
      logger.warn({ err: error, userId: change.userId }, 'gateways were not told of a change'),
    );

/** Sessions whose end is told. */
export const announcedSessions = (sessions: Sessions, tell: TellGateways): Sessions => ({
  ...sessions,
  async end(session) {
    await sessions.end(session);
    await tell({ kind: 'ENDED', userId: session.userId, sessionId: session.id });
  },
  async endOf(userId, only) {
    const count = await sessions.endOf(userId, only);
    const sessionId = only === 'ALL' ? null : only.sessionId;
    if (count > 0) await tell({ kind: 'ENDED', userId, sessionId });
    return count;
  },
});

/** Memberships whose changes are told, with all that the person has after it. */
export const announcedMemberships = <Store extends Memberships>(
  memberships: Store,
  tell: TellGateways,
): Store => {
  const tellAll = async (userId: string): Promise<void> => {
    const all = await memberships.findByUsers([userId]);
    await tell({
      kind: 'CHANGED',
      userId,
      memberships: all.map(({ shopId, role }) => ({ shopId, role })),
    });
  };
  return {
    ...memberships,
    async add(membership) {
      const isAdded = await memberships.add(membership);
      if (isAdded) await tellAll(membership.userId);
      return isAdded;
    },
    async remove(membership) {
      const isRemoved = await memberships.remove(membership);
      if (isRemoved) await tellAll(membership.userId);
      return isRemoved;
    },
  };
};
