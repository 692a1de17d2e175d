import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inheritedEnv } from '@vitrine/platform/env';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Child, startChild } from './child.ts';

const FIXTURE = 'packages/launcher/src/child.fixture.ts';

let folder: string;
let logFile: string;
let troubles: string[];
const children: Child[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-child-'));
  logFile = join(folder, 'child.log');
  troubles = [];
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
  await rm(folder, { recursive: true, force: true });
});

function startFixture(...args: string[]): Child {
  const child = startChild({
    name: 'fixture',
    module: FIXTURE,
    args,
    env: {},
    logFile,
    onTrouble: (line) => void troubles.push(line),
  });
  children.push(child);
  return child;
}

function isRunning(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a process that serves', () => {
  test('says where it is when it is ready', async () => {
    const child = startFixture('serve');

    expect(await child.ready()).toBe('http://fixture/plain');
    expect(isRunning(child.pid)).toBe(true);
    expect(troubles).toEqual([]);
  });

  test('comes back by itself when somebody kills it, and says so', async () => {
    const child = startFixture('serve');
    await child.ready();
    const { pid = 0 } = child;
    process.kill(pid, 'SIGKILL');
    await child.ended();

    expect(await child.ready()).toBe('http://fixture/plain');
    expect(child.pid).not.toBe(pid);
    expect(troubles).toEqual(['fixture ended with SIGKILL; starting it again']);
  });

  test('comes back after `kill`, which is no trouble, and can be asked at once when it has', async () => {
    const child = startFixture('serve');
    await child.ready();
    const { pid } = child;
    const killed = child.kill();
    const ready = child.ready();
    await killed;

    expect(await ready).toBe('http://fixture/plain');
    expect(child.pid).not.toBe(pid);
    expect(troubles).toEqual([]);
  });

  test('stays away after `kill` without revival, and takes an addition for one life only', async () => {
    const child = startFixture('serve');
    await child.ready();
    await child.kill({ revive: false });
    expect(child.pid).toBeUndefined();

    await child.revive({ CRASH_AT: 'once' });
    expect(await child.ready()).toBe('http://fixture/once');
    await child.kill();
    expect(await child.ready()).toBe('http://fixture/plain');
  });

  test('is stopped orderly and for good, and its last words are in the log', async () => {
    const child = startFixture('serve');
    await child.ready();
    const { pid } = child;
    await child.stop();

    expect(isRunning(pid)).toBe(false);
    expect(child.pid).toBeUndefined();
    await expect.poll(() => readFile(logFile, 'utf8')).toContain('the last words');
    expect(troubles.filter((line) => line.includes('again'))).toEqual([]);
  });

  test('tells of its warnings with their cause, and keeps the rest for the log', async () => {
    const child = startFixture('warn');
    await child.ready();

    await expect.poll(() => troubles).toEqual(['fixture: something is odd: the cause']);
    expect(await readFile(logFile, 'utf8')).toContain('something is odd');
  });
});

describe('a process that dies at its start', () => {
  test('is given up after three attempts, with how it ended and where its log is', async () => {
    const child = startFixture('die');

    await expect(child.ready()).rejects.toThrow(`fixture ended with code 3; its log is ${logFile}`);
    const log = await readFile(logFile, 'utf8');
    expect(log.match(/no way to go on/g)).toHaveLength(3);
  });

  test('once is started again, and whoever waits for it hears of the life that succeeds', async () => {
    const child = startFixture('die-once', join(folder, 'lives'));

    expect(await child.ready()).toBe('http://fixture/plain');
    expect(troubles).toEqual(['fixture ended with code 3; starting it again']);
  });
});

describe('when the parent is killed', () => {
  test.for([
    ['that serves', 'serve'],
    ['that was still starting', 'never-ready'],
  ] as const)('a child %s ends, too', async ([, behaviour]) => {
    const parent = spawn(
      process.execPath,
      [fileURLToPath(new URL('./child.fixture.ts', import.meta.url)), 'parent', logFile, behaviour],
      { env: inheritedEnv(), stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line).trim());
    expect(isRunning(pid)).toBe(true);

    parent.kill('SIGKILL');
    await once(parent, 'exit');

    try {
      await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
    } finally {
      if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    }
  });
});
