import { randomBytes } from 'node:crypto';
import { actionRecorded } from '@vitrine/events/audit';
import type { FactContract } from '@vitrine/events/fact';
import type { ConsumerName } from '@vitrine/events/routes';
import { recordedBy } from '@vitrine/platform/acting';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { type OutboxRow, outboxModel } from '@vitrine/platform/outbox/outbox.model';
import type { NewFact } from '@vitrine/platform/outbox/transact';
import { queuesIdle } from '@vitrine/platform/quiescence';
import { prepareDatabase } from '@vitrine/platform/run';
import { openServices, type Services } from '@vitrine/platform/services';
import { type Closable, closeAll } from '@vitrine/platform/shutdown';
import type { RequestScope, SubgraphDefinition } from '@vitrine/platform/subgraph';
import type { Viewer } from '@vitrine/platform/viewer';
import {
  type ExecutionResult,
  getNamedType,
  graphql,
  isObjectType,
  parse,
  subscribe,
} from 'graphql';
import { test as base, inject } from 'vitest';
import { forgottenBy } from './audited-mutations.ts';
import { type FakeClock, fakeClock } from './clock.ts';

/** Loose on purpose: a test states what it expects of the shape by asserting it. */
// biome-ignore lint/suspicious/noExplicitAny: results of any operation a test may write
type Data = Record<string, any>;

export interface TestSubgraph {
  readonly services: Services;
  readonly clock: FakeClock;
  /** Runs an operation on the subgraph's schema as the viewer, or as a guest. */
  execute(
    document: string,
    variables?: Record<string, unknown>,
    viewer?: Viewer | null,
  ): Promise<ExecutionResult<Data>>;
  /** Starts a subscription; read it with `next()` and end it with `return()`. */
  subscribe(
    document: string,
    variables?: Record<string, unknown>,
    viewer?: Viewer | null,
  ): Promise<AsyncIterableIterator<ExecutionResult<Data>>>;
  /** Delivers a fact of another subgraph to one consumer, as its relay would; needs `work`. */
  deliver<Payload extends object>(
    consumer: ConsumerName,
    contract: FactContract<string, Payload>,
    fact: NewFact<Payload> & { readonly id?: string },
  ): Promise<string>;
  /** Starts consumers, jobs, timers of the subgraph (not its relay); ends with the test. */
  work(): readonly Closable[];
  /** Resolves when all queues are idle. The outbox is left alone: nothing relays it here. */
  quiet(): Promise<void>;
  /** Facts the subgraph has emitted, in order, of one contract. */
  emitted<Payload extends object>(contract: FactContract<string, Payload>): Promise<Payload[]>;
}

/**
 * A vitest `test` with a `subgraph` fixture: the real subgraph over a database and Redis keys of
 * this test's own, indexes built, on a clock that stands still.
 */
export const subgraphTest = <Context extends object>(definition: SubgraphDefinition<Context>) =>
  base.extend<{ subgraph: TestSubgraph }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures wanted from the pattern
    subgraph: async ({}, use) => {
      const clock = fakeClock();
      const env = readEnv({ NODE_ENV: 'test', NAMESPACE: `t${randomBytes(6).toString('hex')}` });
      const logger = openLogger({ LOG_LEVEL: 'silent' }, 'test');
      const services = await openServices(definition.name, {
        env,
        logger,
        mongoUrl: inject('mongoUrl'),
        redisUrl: inject('redisUrl'),
        clock: clock.now,
      });
      await prepareDatabase(definition, services, { withExpiry: false });
      const contextOf = definition.open(services);
      const running: Closable[] = [];
      const scopeOf = (viewer: Viewer | null): RequestScope => ({
        viewer,
        requestId: 'test',
        languages: [],
      });
      const canReplay = (field: string): boolean => {
        const payload = definition.schema.getMutationType()?.getFields()[field]?.type;
        const named = payload && getNamedType(payload);
        return isObjectType(named) && 'replayed' in named.getFields();
      };

      const recordedSoFar = async (): Promise<string[]> => {
        const rows = await outboxModel(services.db)
          .outbox.find({ type: actionRecorded.type })
          .lean<OutboxRow[]>();
        return rows.map(({ payload }) => actionRecorded.payload.parse(payload).action);
      };

      await use({
        services,
        clock,
        async execute(source, variableValues = {}, viewer = null) {
          const scope = scopeOf(viewer);
          // The result is data of this schema; see `Data`.
          const result = (await graphql({
            schema: definition.schema,
            source,
            variableValues,
            contextValue: contextOf(scope),
          })) as ExecutionResult<Data>;
          const forgottenWith = (recorded: readonly string[]) =>
            forgottenBy(result.data ?? {}, recorded, canReplay);
          if (forgottenWith(recordedBy(scope))) {
            // What a call before was cut off from telling was recorded by that one.
            const forgotten = forgottenWith(await recordedSoFar());
            if (forgotten) throw new Error(forgotten);
          }
          return result;
        },
        subscribe: async (source, variableValues = {}, viewer = null) => {
          const started = await subscribe({
            schema: definition.schema,
            document: parse(source),
            variableValues,
            contextValue: contextOf(scopeOf(viewer)),
          });
          if (!(Symbol.asyncIterator in started)) throw new Error(JSON.stringify(started));
          return started as AsyncIterableIterator<ExecutionResult<Data>>; // checked above
        },
        async deliver(consumer, contract, { id = services.newId('evt'), ...fact }) {
          await services.queues.get(consumer).add(contract.type, {
            id,
            type: contract.type,
            version: contract.version,
            occurredAt: clock.now().toISOString(),
            ...fact,
          });
          return id;
        },
        work() {
          running.push(...definition.work(services));
          return running;
        },
        quiet: () => queuesIdle(services),
        async emitted(contract) {
          const rows = await outboxModel(services.db)
            .outbox.find({ type: contract.type })
            .sort({ _id: 1 })
            .lean<OutboxRow[]>();
          return rows.map((row) => contract.payload.parse(row.payload));
        },
      });

      await closeAll(running, logger, 10_000);
      await services.db.dropDatabase();
      await services.close();
    },
  });
