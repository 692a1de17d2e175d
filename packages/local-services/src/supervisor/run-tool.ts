import { spawn } from 'node:child_process';

export interface ToolResult {
  readonly ok: boolean;
  /** Standard output, then standard error. */
  readonly output: string;
}

/** A tool run to its end. A tool that is not there is a result too: `ok` false, output ENOENT. */
export async function runTool(
  command: string,
  args: readonly string[],
  options: { readonly signal?: AbortSignal; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<ToolResult> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // In a group of its own, so that a tool's own children end with it.
    detached: true,
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const stop = (): void => killGroup(child.pid);
  options.signal?.addEventListener('abort', stop, { once: true });
  if (options.signal?.aborted) stop();
  return new Promise((resolve) => {
    const finish = (ok: boolean, extra = ''): void => {
      options.signal?.removeEventListener('abort', stop);
      resolve({ ok, output: Buffer.concat([...out, ...err]).toString() + extra });
    };
    child.on('error', (error) => finish(false, error.message));
    child.on('close', (code) => finish(code === 0));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended meanwhile.
  }
}

export function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() ?? '';
}
