import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inheritedEnv } from '@vitrine/platform/env';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface ChildOptions {
  /** How logs and messages name it, such as `catalog.worker`. */
  readonly name: string;
  /** The module it runs, from the project's root. */
  readonly module: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Its log lines are appended there. */
  readonly logFile: string;
  /** Told of each warning and error it logs, and of each restart. */
  readonly onTrouble: (line: string) => void;
}

/** What a process says when it is ready; servers add where they listen. */
interface ReadyMessage {
  readonly ready: string;
  readonly url?: string;
}

/** One process of the platform, started again when it dies by itself. */
export interface Child {
  readonly name: string;
  /** The process id now; changes with a restart. */
  readonly pid: number | undefined;
  /** Resolves with its address (empty for workers) once it is ready, after a restart anew. */
  ready(): Promise<string>;
  /** Ends it as `kill -9` would. It is started again unless `revive` is false. */
  kill(options?: { readonly revive?: boolean }): Promise<void>;
  /**
   * Starts it again after `kill({ revive: false })`, with additions to its environment for this one
   * life: when it dies, it comes back without them.
   */
  revive(once?: Readonly<Record<string, string>>): Promise<void>;
  /** Resolves when the process that runs now has ended. */
  ended(): Promise<void>;
  /** Ends it orderly, and for good. */
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;
const STOP_LIMIT_MS = 12_000;
/** Attempts before a process that never became ready is given up. */
const ATTEMPTS_TO_START = 3;

const isReady = (message: unknown): message is ReadyMessage =>
  typeof message === 'object' && message !== null && 'ready' in message;

/**
 * Starts a module as a process of its own. The IPC channel between the two is what ties their
 * lives together: when this process ends, however it ends, the child notices and ends too.
 */
export function startChild(options: ChildOptions): Child {
  const { name, onTrouble } = options;
  let child: ChildProcess | null = null;
  let wanted = true;
  let wasEverReady = false;
  let isBeingKilled = false;
  let failures = 0;
  let readiness = pendingReadiness();
  let gone = Promise.withResolvers<void>();
  const log = createWriteStream(options.logFile, { flags: 'a' });

  function start(once: Readonly<Record<string, string>> = {}): void {
    gone = Promise.withResolvers<void>();
    const started = spawn(
      process.execPath,
      [...nodeOptions, `${root}${options.module}`, ...(options.args ?? [])],
      {
        cwd: root,
        env: { ...inheritedEnv(), ...options.env, ...once },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    child = started;
    started.on('message', (message) => {
      if (!isReady(message)) return;
      wasEverReady = true;
      failures = 0;
      readiness.settle.resolve(message.url ?? '');
    });
    forward(started, log, (line) => onTrouble(`${name}: ${line}`));
    // Not at its exit: what it wrote last may still be on the way.
    started.on('close', (code, signal) => {
      child = null;
      gone.resolve();
      if (!wanted) return;
      const how = signal ?? `code ${code}`;
      if (isBeingKilled) failures = 0;
      else failures += 1;
      if (!wasEverReady && failures >= ATTEMPTS_TO_START) {
        const error = new Error(`${name} ended with ${how}; its log is ${options.logFile}`);
        readiness.settle.reject(error);
        return;
      }
      if (!isBeingKilled) onTrouble(`${name} ended with ${how}; starting it again`);
      isBeingKilled = false;
      renewReadiness();
      const delay = Math.min(FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1), LAST_RETRY_MS);
      setTimeout(() => wanted && !child && start(), delay);
    });
  }

  /** A promise that somebody waits for already is kept: it speaks of the next life as well. */
  function renewReadiness(): void {
    if (readiness.isSettled()) readiness = pendingReadiness();
  }

  start();
  return {
    name,
    get pid() {
      return child?.pid;
    },
    ready: () => readiness.promise,
    async kill({ revive = true } = {}) {
      wanted = revive;
      renewReadiness();
      isBeingKilled = revive && child !== null;
      child?.kill('SIGKILL');
      await gone.promise;
    },
    async revive(once) {
      wanted = true;
      if (!child) start(once);
      await readiness.promise;
    },
    ended: () => gone.promise,
    async stop() {
      wanted = false;
      const running = child;
      if (running) {
        running.kill('SIGTERM');
        const force = setTimeout(() => running.kill('SIGKILL'), STOP_LIMIT_MS);
        await gone.promise;
        clearTimeout(force);
      }
      log.end();
    },
  };
}

const nodeOptions = [
  // Type stripping is stable enough to rely on and still announces itself.
  '--disable-warning=ExperimentalWarning',
  '--enable-source-maps',
  `--import=${new URL('./end-with-parent.ts', import.meta.url).href}`,
];

interface Readiness {
  readonly promise: Promise<string>;
  readonly settle: {
    resolve(address: string): void;
    reject(error: Error): void;
  };
  isSettled(): boolean;
}

function pendingReadiness(): Readiness {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let settled = false;
  // Whoever asks gets the rejection; nobody asking is no reason to end this process.
  promise.catch(() => {});
  return {
    promise,
    settle: {
      resolve(address) {
        settled = true;
        resolve(address);
      },
      reject(error) {
        settled = true;
        reject(error);
      },
    },
    isSettled: () => settled,
  };
}

const WARN = 40;

/** Copies a child's output to its log, and tells of what is a warning or no log line at all. */
function forward(child: ChildProcess, log: WriteStream, tell: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      const text = troubleIn(line);
      if (text !== null) tell(text);
    });
  }
}

function troubleIn(line: string): string | null {
  try {
    // A pino line; anything else fails to parse or has no level.
    const entry = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    if (typeof entry.level !== 'number' || entry.level < WARN) return null;
    return [entry.msg, entry.err?.message].filter(Boolean).join(': ');
  } catch {
    return line;
  }
}
