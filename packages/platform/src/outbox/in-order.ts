import { type ConsumerName, consumers } from '@vitrine/events/routes';
import { NotYetError } from '../jobs.ts';
import type { Services } from '../services.ts';
import { type OutboxRow, outboxModel } from './outbox.model.ts';

const LOOK_MS = 20;
/** Within one turn of the consumer; after that the fact gives its place to others for a while. */
const LOOKS = 25;
/** Of a job that is still to be worked. */
const TO_COME: readonly string[] = ['waiting', 'prioritized', 'active', 'delayed'];

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

/**
 * Resolves when the fact before has been worked, or will not be: it is a dead letter, or was lost
 * with Redis, and order is given up rather than the fact. Throws `NotYetError` while it is to come.
 */
export async function waitForPrevious(
  { db, queues }: Pick<Services, 'db' | 'queues'>,
  consumer: ConsumerName,
  previousId: string,
): Promise<void> {
  const { consumed } = outboxModel(db);
  for (let look = 0; look < LOOKS; look += 1) {
    if (await consumed.exists({ _id: `${consumer}/${previousId}` })) return;
    // Its job bears its name, and is put on the queue before this one's.
    if (!TO_COME.includes(await queues.get(consumer).getJobState(previousId))) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new NotYetError(`${consumer} has not worked ${previousId} yet, which comes before`);
}
