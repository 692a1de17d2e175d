import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataLayout } from './data-layout.ts';
import {
  type FromSupervisor,
  LocalServicesError,
  type ReportStep,
  type ToSupervisor,
} from './messages.ts';

export interface Supervisor {
  /** Empty for a service it was not told to start. */
  readonly mongoUrl: string;
  readonly redisUrl: string;
  /** Resolves when all it started has ended and it has ended itself. */
  readonly stop: () => Promise<void>;
}

const MAIN = fileURLToPath(new URL('./supervisor.main.ts', import.meta.url));

/** The process that starts and minds the services, ready when they are. */
export async function startSupervisor(
  order: Omit<Extract<ToSupervisor, { type: 'start' }>, 'type'>,
  report: ReportStep,
): Promise<Supervisor> {
  const { logs } = dataLayout(order.dataDir);
  mkdirSync(logs, { recursive: true });
  const logFile = join(logs, 'supervisor.log');
  const child = spawnSupervisor(order.dataDir, logFile);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  const ready = new Promise<Extract<FromSupervisor, { type: 'ready' }>>((resolve, reject) => {
    child.on('message', (message: FromSupervisor) => {
      if (message.type === 'step') report(message.step);
      else if (message.type === 'ready') resolve(message);
      else reject(new LocalServicesError(message.message));
    });
    child.once('error', reject);
    void exited.then(async () => {
      const log = await readFile(logFile, 'utf8').catch(() => '');
      reject(new LocalServicesError(`The databases' process ended: ${log.trim().slice(-500)}`));
    });
  });
  send(child, { type: 'start', ...order });
  try {
    const { mongoUrl = '', redisUrl = '' } = await ready;
    // From here on the services end with this process; they must not be why it goes on.
    child.unref();
    child.channel?.unref();
    return {
      mongoUrl,
      redisUrl,
      async stop() {
        child.ref();
        child.channel?.ref();
        send(child, { type: 'stop' });
        await exited;
      },
    };
  } catch (error) {
    await exited;
    throw error;
  }
}

/** In a session of its own: it must outlive a signal to the starter's group to clean up after it. */
function spawnSupervisor(dataDir: string, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [MAIN], {
    cwd: dataDir,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return child;
}

function send(child: ChildProcess, message: ToSupervisor): void {
  // The supervisor may have ended by itself; its exit is what the caller hears of then.
  if (child.connected) child.send(message, () => undefined);
}
