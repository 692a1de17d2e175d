import { setTimeout as delay } from 'node:timers/promises';
import { lockDataDir } from './data-dir-lock.ts';
import { dataLayout } from './data-layout.ts';
import type { ExclusiveLock } from './exclusive-lock.ts';
import { type FromSupervisor, LocalServicesError, type ToSupervisor } from './messages.ts';
import { type RunningService, startMongoService, startRedisService } from './services.ts';

/** After this the kernel is left to end what has not ended. */
const STOP_LIMIT_MS = 30_000;

type StartMessage = Extract<ToSupervisor, { type: 'start' }>;

/**
 * The life of the supervisor process: starts what it is told to and stops everything when it is
 * told to, or when the channel to its starter closes, which it does however the starter ends. It
 * runs in a session of its own, so a signal to the starter's process group does not reach it.
 */
export function supervise(self: NodeJS.Process): void {
  const goneAway = new AbortController();
  const starting: Promise<RunningService>[] = [];
  let lock: ExclusiveLock | undefined;
  let starter: Promise<void> = Promise.resolve();
  let isEnding = false;

  const send = (message: FromSupervisor): void => {
    if (self.connected) self.send?.(message);
  };

  const end = async (): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    goneAway.abort();
    await lock?.note(`stopping ${self.pid}`);
    await Promise.race([stopAll(), delay(STOP_LIMIT_MS)]);
    self.exit(0);
  };

  const stopAll = async (): Promise<void> => {
    await starter;
    const settled = await Promise.allSettled(starting);
    const services = settled.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [outcome.value] : [],
    );
    await Promise.allSettled(services.map((service) => service.stop()));
  };

  const start = async (message: StartMessage): Promise<void> => {
    lock = await lockDataDir(dataLayout(message.dataDir), goneAway.signal);
    const common = {
      layout: dataLayout(message.dataDir),
      ephemeral: message.ephemeral,
      report: (step: Extract<FromSupervisor, { type: 'step' }>['step']) =>
        send({ type: 'step', step }),
      signal: goneAway.signal,
    };
    const mongo = message.startMongo ? startMongoService(common) : undefined;
    const redis = message.startRedis ? startRedisService(common) : undefined;
    starting.push(...[mongo, redis].filter((service) => service !== undefined));
    const [mongoService, redisService] = await Promise.all([mongo, redis]);
    send({
      type: 'ready',
      ...(mongoService === undefined ? {} : { mongoUrl: mongoService.url }),
      ...(redisService === undefined ? {} : { redisUrl: redisService.url }),
    });
  };

  const run = async (message: StartMessage): Promise<void> => {
    try {
      await start(message);
    } catch (error) {
      send({ type: 'failed', message: failureMessage(error) });
      // Not awaited: ending waits for this function's own promise.
      void end();
    }
  };

  self.on('message', (message: ToSupervisor) => {
    if (message.type === 'start') starter = run(message);
    else void end();
  });
  self.on('disconnect', () => void end());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) self.on(signal, () => void end());
  self.on('SIGHUP', () => undefined);
}

function failureMessage(error: unknown): string {
  if (error instanceof LocalServicesError) return error.message;
  console.error(error);
  return error instanceof Error ? error.message : String(error);
}
