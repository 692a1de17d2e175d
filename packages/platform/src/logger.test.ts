import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openLogger } from './logger.ts';

/** Logs `count` lines, then ends as `ending` says; answers what reached its standard output. */
async function linesOf(count: number, ending: string): Promise<unknown[]> {
  const program = `
    import { openLogger } from ${JSON.stringify(new URL('logger.ts', import.meta.url).href)};
    import { endOnSignal } from ${JSON.stringify(new URL('shutdown.ts', import.meta.url).href)};
    const logger = openLogger({ LOG_LEVEL: 'info' }, 'test');
    for (let line = 0; line < ${count}; line += 1) logger.info({ line }, 'said');
    ${ending}
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const chunks: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  await once(child, 'close');
  return chunks
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'said')
    .map(({ line }) => line);
}

const all = (count: number) => Array.from({ length: count }, (_, index) => index);

test.each([
  ['ends by itself', ''],
  ['exits', 'process.exit(1);'],
  ['throws', 'throw new Error("unexpected");'],
  [
    'is told to end by SIGTERM',
    `setInterval(() => {}, 1000);
     endOnSignal(async () => {}, logger);
     process.kill(process.pid, 'SIGTERM');`,
  ],
])('no line is lost when the process %s', async (_how, ending) => {
  // What was being written as the process ended may come twice, and behind what was written at its end.
  expect(new Set(await linesOf(500, ending))).toEqual(new Set(all(500)));
});

test('a line is written soon, though it is the only one', async () => {
  // Were it kept until the process exits, SIGKILL would lose it.
  const ending = 'setTimeout(() => process.kill(process.pid, "SIGKILL"), 1_000);';
  expect(await linesOf(1, ending)).toEqual([0]);
});

test('credentials reach no line', () => {
  const lines: string[] = [];
  const logger = openLogger({ LOG_LEVEL: 'info' }, 'test', {
    write: (line) => void lines.push(line),
  });
  logger.info({ input: { password: 'hunter2' }, headers: { authorization: 'Bearer x' } }, 'in');
  expect(lines.join()).not.toMatch(/hunter2|Bearer/);
});
