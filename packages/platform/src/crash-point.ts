import { readEnv } from './env.ts';

let wanted: string | undefined | null = null;

/**
 * A named place where a test may have the process die as by `kill -9`: no handlers, no flushing.
 * Costs one comparison in production, where `CRASH_AT` is not set.
 */
export function crashPoint(name: string): void {
  if (wanted === null) wanted = readEnv().CRASH_AT;
  if (wanted === name) process.kill(process.pid, 'SIGKILL');
}
