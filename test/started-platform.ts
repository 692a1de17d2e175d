import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inheritedEnv } from '@vitrine/platform/env';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `npm start` as a person runs it: the real command, a process group of its own. */
export interface StartedPlatform {
  /** Such as `http://localhost:4000/graphql`. */
  readonly url: string;
  /** Milliseconds from the command to its `ready` line. */
  readonly readyAfterMs: number;
  /** All it printed so far. */
  output(): string;
  /** Every process it has started, itself included, databases and all. */
  processes(): readonly number[];
  /** Signals the process group, as a terminal's Ctrl-C does and `kill -9 -<pid>`. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code, or null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Resolves at the `ready` line; throws with all it printed when it ends before. */
export async function startByCommand(
  dataDir: string,
  port: number,
  flags: readonly string[] = [],
): Promise<StartedPlatform> {
  const began = performance.now();
  const lines: string[] = [];
  const command = spawn(
    process.execPath,
    ['packages/launcher/src/start.ts', '--no-player', ...flags],
    {
      cwd: root,
      detached: true,
      env: { ...inheritedEnv(), DATA_DIR: dataDir, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const { pid } = command;
  if (pid === undefined) throw new Error('the command could not be run');
  const ended = endOf(command);
  const url = await new Promise<string>((resolve, reject) => {
    const read = (line: string) => {
      lines.push(line);
      const ready = /^ready (\S+)/.exec(line);
      if (ready?.[1]) resolve(ready[1]);
    };
    createInterface({ input: command.stdout }).on('line', read);
    createInterface({ input: command.stderr }).on('line', read);
    void ended.then((code) =>
      reject(new Error(`it ended with ${code} before it was ready:\n${lines.join('\n')}`)),
    );
  });
  return {
    url,
    readyAfterMs: performance.now() - began,
    output: () => lines.join('\n'),
    processes: () => withDescendants(pid),
    signal: (signal) => void process.kill(-pid, signal),
    ended,
  };
}

const endOf = (command: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => command.once('close', (code) => resolve(code)));

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
}

function allProcesses(): ProcessRow[] {
  const table = execFileSync('ps', ['-Ao', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return table
    .trim()
    .split('\n')
    .map((row) => {
      const [pid, parent, state = ''] = row.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), state };
    });
}

function withDescendants(pid: number): readonly number[] {
  const byParent = Map.groupBy(allProcesses(), ({ parent }) => parent);
  const found = [pid];
  // Grows while it is walked.
  for (const parent of found) found.push(...(byParent.get(parent) ?? []).map((row) => row.pid));
  return found;
}

/** Those of the processes that still run; one that waits for nobody to ask how it ended does not. */
export function stillRunning(pids: readonly number[]): readonly number[] {
  const wanted = new Set(pids);
  return allProcesses()
    .filter(({ pid, state }) => wanted.has(pid) && !state.startsWith('Z'))
    .map((row) => row.pid);
}
