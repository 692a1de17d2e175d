import type { Fact, FactOf } from '@vitrine/events/fact';
import { type ConsumerName, consumers, type FactContractOf } from '@vitrine/events/routes';
import { UnrecoverableError } from 'bullmq';
import { startWorker } from '../jobs.ts';
import { violatedIndex } from '../mongo.ts';
import type { Services } from '../services.ts';
import type { Closable } from '../shutdown.ts';
import { waitForPrevious } from './in-order.ts';
import { outboxModel } from './outbox.model.ts';
import type { FactMessage } from './relay.ts';
import { type Transaction, transact } from './transact.ts';

/**
 * Works one fact. Runs in a transaction together with the memory of having worked it, so database
 * effects happen exactly once; effects elsewhere (Redis) may repeat and must bear it.
 */
export type FactHandlers<Name extends ConsumerName> = {
  readonly [Contract in FactContractOf<Name> as Contract['type']]: (
    fact: FactOf<Contract>,
    tx: Transaction,
  ) => Promise<void>;
};

const RACES_TO_LOSE = 3;

class AlreadyConsumed extends Error {}

/**
 * Starts a consumer of `packages/events/src/routes.ts`. Facts may arrive twice, late, and (when
 * retried, or with a concurrency above one) out of order: projections compare `aggregateVersion`.
 */
export function startConsumer<Name extends ConsumerName>(
  services: Services,
  name: Name,
  handlers: NoInfer<FactHandlers<Name>>,
  options: { readonly concurrency?: number } = {},
): Closable {
  const { consumed } = outboxModel(services.db);
  const contracts = new Map(consumers[name].map((contract) => [contract.type as string, contract]));

  async function work(message: FactMessage): Promise<void> {
    const contract = contracts.get(message.type);
    const payload = contract?.payload.safeParse(message.payload);
    if (!payload?.success) {
      throw new UnrecoverableError(
        `${name} cannot read ${message.type}: ${payload?.error.message ?? 'not routed here'}`,
      );
    }
    const fact: Fact = {
      ...message,
      occurredAt: new Date(message.occurredAt),
      payload: payload.data,
    };
    // The payload was parsed by the contract of this very type, which is what the handler takes.
    const handle = handlers[message.type as keyof FactHandlers<Name>] as unknown as (
      fact: Fact,
      tx: Transaction,
    ) => Promise<void>;
    if (message.previousId !== undefined) {
      await waitForPrevious(services, name, message.previousId);
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        await transact(services, async (tx) => {
          await remember(`${name}/${fact.id}`, tx);
          await handle(fact, tx);
        });
        return;
      } catch (error) {
        if (error instanceof AlreadyConsumed) return;
        // Two facts that upsert the same new row race to insert it; the loser now finds it there.
        if (!violatedIndex(error) || attempt === RACES_TO_LOSE) throw error;
      }
    }
  }

  async function remember(_id: string, { session }: Transaction): Promise<void> {
    try {
      await consumed.insertMany([{ _id, consumedAt: services.clock() }], { session });
    } catch (error) {
      // Only this insert's own primary key: a handler's duplicate is the handler's affair.
      throw violatedIndex(error) === '_id_' ? new AlreadyConsumed() : error;
    }
  }

  return startWorker<FactMessage>(services, name, work, { concurrency: 4, ...options });
}
