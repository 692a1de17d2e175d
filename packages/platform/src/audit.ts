import { randomUUID } from 'node:crypto';
import { type ActionRecorded, type AuditActor, actionRecorded } from '@vitrine/events/audit';
import { acting, noteRecorded } from './acting.ts';
import { type Change, recordedChange } from './audit-change.ts';
import type { Transaction } from './outbox/transact.ts';

export interface AuditedAction {
  /** `<subgraph>.<aggregate>-<past participle>`, such as `catalog.product-edited`. */
  readonly action: `${string}.${string}-${string}`;
  /** What was acted on, by its type in the graph: `{ type: 'Product', id: 'prd_…' }`. */
  readonly subject: { readonly type: string; readonly id: string };
  /** The shop whose staff may read it; absent where it concerns none. */
  readonly shopId?: string | undefined;
  /** Whose account it concerns, where that is not who acts: a removed member of staff, say. */
  readonly userId?: string | undefined;
  /** Hand over as much as you have: equal values, secrets and personal data are left out. */
  readonly before?: Change | undefined;
  readonly after?: Change | undefined;
}

const nobody: AuditActor = {
  kind: 'SYSTEM',
  userId: null,
  appId: null,
  impersonatorId: null,
  sessionId: null,
  job: null,
};

/** Whoever the running work is done for, as `audit` would name them. */
export function actorNow(): Pick<ActionRecorded, 'actor' | 'origin' | 'requestId'> {
  const running = acting();
  if (!running) return { actor: nobody, origin: null, requestId: null };
  if ('job' in running) {
    return { actor: { ...nobody, job: running.job }, origin: null, requestId: null };
  }
  const { viewer, requestId, origin } = running.scope;
  const actor: AuditActor = viewer
    ? {
        kind: viewer.kind,
        userId: viewer.userId,
        appId: viewer.appId ?? null,
        impersonatorId: viewer.impersonatorId ?? null,
        sessionId: viewer.sessionId,
        job: null,
      }
    : // Somebody without any token: signing up, or asking for a new password.
      { ...nobody, kind: 'GUEST' };
  return { actor, origin: origin ?? null, requestId };
}

/**
 * Records an action in the transaction that carries it out, so that both are there or neither.
 * Who acted, from where and by which request is known by itself (`acting.ts`).
 */
export function audit(tx: Transaction, action: AuditedAction): void {
  const { subject, shopId, userId, before, after } = action;
  noteRecorded(action.action);
  tx.emit(actionRecorded, {
    aggregateId: randomUUID(),
    aggregateVersion: 1,
    payload: {
      action: action.action,
      subject: { type: subject.type, id: subject.id },
      shopId: shopId ?? null,
      userId: userId ?? null,
      ...actorNow(),
      ...recordedChange(before, after),
    },
  });
}
