import type { Services } from './services.ts';

export interface Readiness {
  readonly isReady: boolean;
  readonly checks: Readonly<Record<string, 'ok' | string>>;
}

const LIMIT_MS = 2_000;

const within = async (work: Promise<unknown>): Promise<'ok' | string> => {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  try {
    await Promise.race([work, limit]);
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
};

/** Asks the database and Redis whether they answer, each within two seconds. */
export async function readinessOf(services: Pick<Services, 'db' | 'redis'>): Promise<Readiness> {
  const [mongodb, redis] = await Promise.all([
    within(services.db.db?.command({ ping: 1 }) ?? Promise.reject(new Error('not connected'))),
    within(services.redis.ping()),
  ]);
  return { isReady: mongodb === 'ok' && redis === 'ok', checks: { mongodb, redis } };
}
