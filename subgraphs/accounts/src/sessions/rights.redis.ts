import { randomUUID } from 'node:crypto';
import { rightsChanged } from '@vitrine/events/accounts';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import { publishRightsChange, type RightsChange } from '@vitrine/platform/rights';
import type { Services } from '@vitrine/platform/services';
import { membershipStore } from '../memberships/membership.store.ts';
import { personStore } from '../people/person.store.ts';

/**
 * Tells every gateway of rights that are others once the transaction has committed. It is told right
 * behind the commit, and again by accounts' worker from the outbox, so that neither a crash between
 * nor a Redis that is away for a while loses it.
 */
export interface TellGateways {
  /** Sessions of a person, a guest or an app that are over; `ALL` for those that are open now. */
  ended(tx: Transaction, userId: string, sessionIds: readonly string[] | 'ALL'): void;
  /** Somebody's roles, duties or memberships are others. */
  changed(tx: Transaction, userId: string): void;
}

/** What a change was, as the outbox keeps it: rights themselves are read when it is told. */
export interface RightsNews {
  readonly userId: string;
  readonly endedSessionIds: readonly string[];
  readonly haveAllEnded: boolean;
  readonly haveRightsChanged: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export function tellGateways(services: Services): TellGateways {
  const publish = rightsPublisher(services);
  const tell = (tx: Transaction, userId: string, news: Partial<RightsNews>): void => {
    const payload: RightsNews = {
      userId,
      endedSessionIds: [],
      haveAllEnded: false,
      haveRightsChanged: false,
      ...news,
      at: services.clock().getTime(),
    };
    tx.emit(rightsChanged, {
      aggregateId: randomUUID(),
      aggregateVersion: 1,
      payload: { ...payload, endedSessionIds: [...payload.endedSessionIds] },
    });
    tx.afterCommit(() =>
      publish(payload).catch((error: unknown) =>
        services.logger.warn({ err: error, userId }, 'gateways are told of a change later'),
      ),
    );
  };
  return {
    ended(tx, userId, sessionIds) {
      if (sessionIds === 'ALL') tell(tx, userId, { haveAllEnded: true });
      else if (sessionIds.length > 0) tell(tx, userId, { endedSessionIds: sessionIds });
    },
    changed: (tx, userId) => tell(tx, userId, { haveRightsChanged: true }),
  };
}

/** Rejects while Redis is away. Doing it again does no harm. */
export function rightsPublisher(services: Services): (news: RightsNews) => Promise<void> {
  const { redis, env, clock } = services;
  const people = personStore(services);
  const memberships = membershipStore(services);
  const publish = (change: RightsChange, at: number) =>
    publishRightsChange(redis, env.NAMESPACE, change, at);

  return async ({ userId, endedSessionIds, haveAllEnded, haveRightsChanged, at }) => {
    for (const sessionId of endedSessionIds) {
      await publish({ kind: 'ENDED', userId, sessionId }, at);
    }
    if (haveAllEnded) await publish({ kind: 'ENDED', userId, sessionId: null }, at);
    if (!haveRightsChanged) return;
    // Taken before they are read: of two changes at once, the one with the later moment has read both.
    const readAt = clock().getTime();
    const [[person], all] = await Promise.all([
      people.findMany([userId]),
      memberships.findByUsers([userId]),
    ]);
    await publish(
      {
        kind: 'CHANGED',
        userId,
        roles: [...(person?.roles ?? [])],
        duties: [...(person?.duties ?? [])],
        memberships: all.map(({ shopId, role }) => ({ shopId, role })),
      },
      readAt,
    );
  };
}
