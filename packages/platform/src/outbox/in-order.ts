import { type ConsumerName, consumers } from '@vitrine/events/routes';
import { MINUTE, SECOND } from '@vitrine/kernel/clock';
import type { Services } from '../services.ts';
import { type OutboxRow, outboxModel } from './outbox.model.ts';

/** A fact waits so long for the one before it; then order is given up rather than the fact. */
const PATIENCE_MS = MINUTE;
const LOOK_MS = 20;
/** Within one attempt; after that the queue tries again, later. */
const LOOKS = SECOND / LOOK_MS;

/**
 * Which fact of the same aggregate, of those the consumer hears, came before each row. `rows` are in
 * order of version per aggregate. Versions begin at 1, so what is first needs no look.
 */
export async function previousFacts(
  services: Pick<Services, 'db'>,
  consumer: ConsumerName,
  rows: readonly OutboxRow[],
): Promise<ReadonlyMap<string, string>> {
  const { outbox } = outboxModel(services.db);
  const types = consumers[consumer].map(({ type }) => type);
  const previous = new Map<string, string>();
  await Promise.all(
    [...Map.groupBy(rows, ({ aggregateId }) => aggregateId).values()].map(async (own) => {
      const [first] = own;
      let before: string | undefined;
      if (first && first.aggregateVersion > 1) {
        const { aggregateId, aggregateVersion } = first;
        const known = await outbox
          .findOne(
            { aggregateId, aggregateVersion: { $lt: aggregateVersion }, type: { $in: types } },
            { _id: 1 },
          )
          .sort({ aggregateVersion: -1 })
          .lean<Pick<OutboxRow, '_id'>>();
        before = known?._id;
      }
      for (const { _id } of own) {
        if (before !== undefined) previous.set(_id, before);
        before = _id;
      }
    }),
  );
  return previous;
}

/** Resolves when the fact before has been worked; throws, to be tried again, while it has not. */
export async function waitForPrevious(
  services: Pick<Services, 'db' | 'clock'>,
  consumer: ConsumerName,
  { previousId, occurredAt }: { readonly previousId: string; readonly occurredAt: Date },
): Promise<void> {
  const { consumed } = outboxModel(services.db);
  for (let look = 0; look < LOOKS; look += 1) {
    if (await consumed.exists({ _id: `${consumer}/${previousId}` })) return;
    if (services.clock().getTime() - occurredAt.getTime() > PATIENCE_MS) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`${consumer} has not worked ${previousId} yet, which comes before`);
}
