import { type DestinationStream, type Logger, pino } from 'pino';
import type { Env } from './env.ts';

export type { Logger } from 'pino';

/** One JSON line per entry on standard output. `part` is the process's role, such as `catalog.worker`. */
export const openLogger = (
  env: Pick<Env, 'LOG_LEVEL'>,
  part: string,
  destination?: DestinationStream,
): Logger =>
  pino(
    {
      level: env.LOG_LEVEL,
      base: { part },
      timestamp: pino.stdTimeFunctions.isoTime,
      // Credentials never reach a log, however deep a caller nests them.
      redact: ['*.password', '*.token', '*.refreshToken', 'headers.authorization'],
    },
    destination ?? pino.destination(BUFFERED),
  );

/**
 * Lines are gathered and written beside the work, so that a slow reader of standard output holds up
 * no request. What is gathered is written when the process exits, for whatever reason but SIGKILL.
 */
const BUFFERED = { dest: 1, sync: false, minLength: 4_096, periodicFlush: 200 } as const;
