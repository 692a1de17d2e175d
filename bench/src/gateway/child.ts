import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of the benchmark's that answers over IPC, one answer per order. */
export interface Child<Order, Answer> {
  readonly pid: number;
  ask(order: Order): Promise<Answer>;
  stop(): Promise<void>;
}

/** Runs a file of this folder; resolves with its first message. */
export async function runChild<Order, Answer, First = Answer>(
  file: string,
  { args = [], env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {},
): Promise<{ readonly child: Child<Order, Answer>; readonly first: First }> {
  const started = spawn(
    process.execPath,
    [fileURLToPath(new URL(file, import.meta.url)), ...args],
    // Log lines go to /dev/null: they are written, as in production, and nobody reads them here.
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env },
  );
  const first = await messageOf<First>(started, file);
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (order: Order): Promise<Answer> => {
    const answer = messageOf<Answer>(started, file);
    started.send(order as object | string); // what IPC can carry; the messages of this folder are
    return answer;
  };
  return {
    first,
    child: {
      pid: started.pid ?? 0,
      ask(order) {
        const answer = last.then(() => ask(order));
        last = answer.catch(() => {});
        return answer;
      },
      stop: () => end(started),
    },
  };
}

async function messageOf<Message>(child: ChildProcess, name: string): Promise<Message> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const onExit = (code: number | null): void => reject(new Error(`${name} ended with ${code}`));
  child.once('exit', onExit);
  try {
    const [message] = await Promise.race([once(child, 'message'), ended]);
    return message as Message; // the type the sender of the file declares
  } finally {
    child.off('exit', onExit);
  }
}

/** Asks a process to end, and makes it after three seconds. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await ended;
  clearTimeout(patience);
}
