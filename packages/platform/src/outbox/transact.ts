import type { FactContract } from '@vitrine/events/fact';
import type { ClientSession } from '../mongo.ts';
import { withTransaction } from '../mongo.ts';
import type { Services } from '../services.ts';
import { traceparent } from '../tracing/spans.ts';
import { type OutboxRow, outboxModel } from './outbox.model.ts';

export interface NewFact<Payload extends object> {
  readonly aggregateId: string;
  /** Higher than that of every earlier fact of the aggregate: its own version, as a rule. */
  readonly aggregateVersion: number;
  readonly payload: Payload;
}

/** One unit of work: pass `session` to every database call; what is emitted commits with it or not at all. */
export interface Transaction {
  readonly session: ClientSession;
  emit<Type extends string, Payload extends object>(
    contract: FactContract<Type, Payload>,
    fact: NewFact<Payload>,
  ): void;
  /** Runs once after the commit. Only for what may be lost: a nudge, never the only trace of an intent. */
  afterCommit(work: () => Promise<unknown>): void;
}

/** Where a committed outbox announces itself to its relay. */
export const nudgeChannel = (services: Pick<Services, 'key'>): string => services.key('outbox');

/**
 * Runs `work` in a transaction with an outbox. It is repeated while it conflicts with others, so
 * it must be free of effects outside the database. Throws what `work` throws, with nothing written.
 */
export async function transact<Result>(
  services: Pick<Services, 'db' | 'clock' | 'newId' | 'redis' | 'key' | 'logger'>,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const { outbox } = outboxModel(services.db);
  const parent = traceparent();
  let rows: OutboxRow[] = [];
  let followUps: (() => Promise<unknown>)[] = [];
  const result = await withTransaction(services.db, async (session) => {
    rows = [];
    followUps = [];
    const value = await work({
      session,
      emit: (contract, { aggregateId, aggregateVersion, payload }) => {
        rows.push({
          _id: services.newId('evt'),
          type: contract.type,
          version: contract.version,
          aggregateId,
          aggregateVersion,
          occurredAt: services.clock(),
          payload: contract.payload.parse(payload),
          publishedAt: null,
          ...(parent === undefined ? {} : { traceparent: parent }),
        });
      },
      afterCommit: (followUp) => void followUps.push(followUp),
    });
    if (rows.length > 0) await outbox.insertMany(rows, { session });
    return value;
  });
  if (rows.length > 0) followUps.push(() => services.redis.publish(nudgeChannel(services), ''));
  for (const followUp of followUps) {
    // The commit stands whatever happens here; sweeps find what a lost nudge leaves behind.
    try {
      await followUp();
    } catch (error) {
      services.logger.debug({ err: error }, 'a follow-up of a commit was lost');
    }
  }
  return result;
}
