import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A process of the benchmark's that answers over IPC, one answer per order. */
export interface Child<Order, Answer> {
  readonly pid: number;
  ask(order: Order): Promise<Answer>;
  /** For processes that answer more often than once: hears every message. */
  listen(hear: (answer: Answer) => void): void;
  tell(order: Order): void;
  stop(): Promise<void>;
}

/** Runs a file; resolves with its first message. */
export async function runChild<Order, Answer, First = Answer>(
  file: URL,
  { args = [], env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {},
): Promise<{ readonly child: Child<Order, Answer>; readonly first: First }> {
  const name = basename(file.pathname);
  const started = spawn(
    process.execPath,
    [fileURLToPath(file), ...args],
    // Log lines go to /dev/null: they are written, as in production, and nobody reads them here.
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env },
  );
  const first = await messageOf<First>(started, name);
  let isStopping = false;
  started.once('exit', (code) => {
    // Whoever waits for an answer would wait for ever.
    if (!isStopping) throw new Error(`${name} ended with ${code} while it was needed`);
  });
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (order: Order): Promise<Answer> => {
    const answer = messageOf<Answer>(started, name);
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
      // The type the sender of the file declares.
      listen: (hear) => void started.on('message', (message) => hear(message as Answer)),
      tell: (order) => void started.send(order as object | string),
      stop() {
        isStopping = true;
        return end(started);
      },
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
