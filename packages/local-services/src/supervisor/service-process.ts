import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalServicesError } from './messages.ts';

export interface ServiceCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly logFile: string;
  /** Asks for an orderly end; sent by the kernel too, when the supervisor itself is killed. */
  readonly stopSignal: NodeJS.Signals;
  /** Further arguments of `setpriv` on Linux, e.g. the user to run as. */
  readonly privileges?: readonly string[];
  /** Folder opened as file descriptor 3. */
  readonly folder?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A database server as a child of this process. */
export interface ServiceProcess {
  readonly hasExited: () => boolean;
  /** Stop signal, then after `graceMs` SIGKILL; resolves when it is gone. */
  readonly stop: (graceMs: number) => Promise<void>;
  readonly exited: Promise<void>;
  /** The last lines of its log, for a message on why it did not start. */
  readonly lastWords: () => Promise<string>;
}

export function startService(service: ServiceCommand): ServiceProcess {
  const log = openSync(service.logFile, 'w');
  const folder = service.folder === undefined ? undefined : openSync(service.folder, 'r');
  const [command, args] = boundToParent(service);
  const child = spawn(command, args, {
    cwd: service.cwd,
    stdio: ['ignore', log, log, ...(folder === undefined ? [] : [folder])],
    ...(service.env === undefined ? {} : { env: service.env }),
  });
  closeSync(log);
  if (folder !== undefined) closeSync(folder);

  const exited = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  const hasExited = (): boolean =>
    child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

  return {
    hasExited,
    exited,
    stop: (graceMs) => stopChild(child, { signal: service.stopSignal, graceMs, exited }),
    async lastWords() {
      const log = await readFile(service.logFile, 'utf8').catch(() => '');
      return log.trim().split('\n').slice(-3).join(' | ');
    },
  };
}

/**
 * On Linux the kernel ends the server when this process dies, even by SIGKILL. Elsewhere only
 * this process's own clean-up does.
 */
function boundToParent(service: ServiceCommand): [command: string, args: string[]] {
  if (process.platform !== 'linux') return [service.command, [...service.args]];
  const signal = service.stopSignal.replace('SIG', '');
  const options = ['--pdeathsig', signal, ...(service.privileges ?? [])];
  return ['setpriv', [...options, service.command, ...service.args]];
}

async function stopChild(
  child: ChildProcess,
  end: { signal: NodeJS.Signals; graceMs: number; exited: Promise<void> },
): Promise<void> {
  child.kill(end.signal);
  const impatience = setTimeout(() => child.kill('SIGKILL'), end.graceMs);
  await end.exited;
  clearTimeout(impatience);
}

/** Polls `isReady` until it holds; throws when the service ends first or time runs out. */
export async function waitUntilReady(
  service: ServiceProcess,
  options: {
    readonly name: string;
    readonly timeoutMs: number;
    readonly isReady: () => Promise<boolean>;
  },
): Promise<void> {
  const giveUpAt = performance.now() + options.timeoutMs;
  let lastRefusal = 'it gave no answer';
  for (;;) {
    try {
      if (await options.isReady()) return;
    } catch (error) {
      lastRefusal = String(error);
    }
    if (service.hasExited() || performance.now() > giveUpAt) {
      await service.stop(1_000);
      throw new LocalServicesError(
        `${options.name} did not start: ${(await service.lastWords()) || lastRefusal}`,
      );
    }
    await delay(25);
  }
}
