import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnv } from '@vitrine/platform/env';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { secretsOf } from './secrets.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-secrets-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('secrets are made once and kept, so that tokens outlive a restart', () => {
  expect(secretsOf(folder)).toEqual(secretsOf(folder));
});

test('secrets are good enough for the platform, and of their own for each use', () => {
  const made = secretsOf(folder);

  expect(readEnv(made)).toMatchObject(made);
  expect(made.TOKEN_SECRET).not.toBe(made.VIEWER_SECRET);
});

test('a secret that came later is added to a file of before, and nothing else changes', async () => {
  const before = { TOKEN_SECRET: 't'.repeat(43), VIEWER_SECRET: 'v'.repeat(43) };
  await writeFile(join(folder, 'secrets.json'), JSON.stringify(before));

  const completed = secretsOf(folder);

  expect(completed).toMatchObject(before);
  expect(readEnv(completed).SECOND_FACTOR_SECRET).toHaveLength(43);
  expect(secretsOf(folder)).toEqual(completed);
});

test('each data folder has secrets of its own', async () => {
  const other = await mkdtemp(join(tmpdir(), 'vitrine-secrets-'));
  try {
    expect(secretsOf(other)).not.toEqual(secretsOf(folder));
  } finally {
    await rm(other, { recursive: true });
  }
});

test('nobody else on the machine can read them', async () => {
  secretsOf(folder);

  const { mode } = await stat(join(folder, 'secrets.json'));
  expect(mode & 0o777).toBe(0o600);
});

test('a file that is cut short or no longer valid is an error with its path, not new secrets', async () => {
  const path = join(folder, 'secrets.json');
  for (const content of ['{"TOKEN_SECRET":', '{"TOKEN_SECRET":"only one"}']) {
    await writeFile(path, content);
    expect(() => secretsOf(folder)).toThrow(path);
  }
});
