import type { Logger } from '@vitrine/platform/logger';
import type { Closable } from '@vitrine/platform/shutdown';
import { loadOperations, storeOperations } from '../execution/used-operations.ts';
import { warmPlans } from '../execution/warm-plans.ts';
import type { Audience, AudienceName } from './audience.ts';

/** More take longer to plan than they save: few clients have as many operations. */
const MOST_OPERATIONS = 300;

/** What is known to be asked before anybody asks. */
interface KnownText {
  readonly text: string;
  readonly operationName: string | null;
}

export interface WarmUpParts {
  /** Where the most used operations of each audience lie from one run to the next. */
  readonly directory: string;
  readonly trusted: readonly string[];
  readonly logger: Logger;
}

export interface WarmUp {
  /** Plans, in the background, what was used most in the last run, then trusted documents. */
  begin(audience: Audience): Promise<void>;
  /** Plans for a new graph what was used most on the old one. */
  prepare(fresh: Audience, old: Audience | null): Promise<void>;
  /** Keeps for the next run what `audiences` were asked most, when closed. */
  keeping(audiences: () => Iterable<readonly [AudienceName, Audience]>): Closable;
}

export function warmUp({ directory, trusted, logger }: WarmUpParts): WarmUp {
  const ended = new AbortController();
  const texts: readonly KnownText[] = trusted.map((text) => ({ text, operationName: null }));
  const warm = async (audience: Audience, operations: readonly KnownText[]): Promise<void> => {
    const startedAt = performance.now();
    const plans = await warmPlans(audience, operations, ended.signal);
    const ms = Math.round(performance.now() - startedAt);
    logger.info({ audience: audience.name, plans, ms }, 'plans are warm');
  };
  return {
    async begin(audience) {
      const used = await loadOperations(directory, audience.name);
      await warm(audience, [...used, ...texts]);
    },
    prepare: (fresh, old) =>
      warm(fresh, [...(old?.engine.plans.mostUsed(MOST_OPERATIONS) ?? []), ...texts]),
    keeping: (audiences) => ({
      async close() {
        ended.abort();
        for (const [name, { engine }] of audiences()) {
          await storeOperations(directory, name, engine.plans.mostUsed(MOST_OPERATIONS)).catch(
            (error: unknown) => logger.warn({ err: error }, 'used operations could not be kept'),
          );
        }
      },
    }),
  };
}
