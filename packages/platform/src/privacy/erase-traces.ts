import { actionRecorded } from '@vitrine/events/audit';
import { orderPlaced } from '@vitrine/events/orders';
import { idempotencyModel } from '../idempotency.ts';
import { outboxModel } from '../outbox/outbox.model.ts';
import type { Transaction } from '../outbox/transact.ts';
import type { Services } from '../services.ts';

/**
 * Takes a person's traces out of what the platform keeps for every subgraph: answers that are kept
 * for their idempotency keys, and the personal parts of facts in the outbox. Facts stay otherwise,
 * since a consumer may still have to hear them; ids in them are gone with the outbox's month.
 */
export async function eraseTraces(
  { db }: Pick<Services, 'db'>,
  userId: string,
  { session }: Transaction,
): Promise<void> {
  const { outbox } = outboxModel(db);
  await idempotencyModel(db).deleteMany({ _id: { $regex: `/${userId}/` } }, { session });
  await outbox.updateMany(
    { type: actionRecorded.type, 'payload.actor.userId': userId },
    { $set: { 'payload.origin': null } },
    { session },
  );
  await outbox.updateMany(
    { type: orderPlaced.type, 'payload.buyerId': userId },
    { $set: { 'payload.buyerAlias': '' } },
    { session },
  );
}
