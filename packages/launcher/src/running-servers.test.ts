import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rememberedServers, rememberServers } from './running-servers.ts';

test('a later command finds the servers of a data folder, and none where none were started', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vitrine-servers-'));
  try {
    expect(rememberedServers(dataDir)).toBeNull();

    const servers = { mongoUrl: 'mongodb://127.0.0.1:1/', redisUrl: 'redis://127.0.0.1:2' };
    rememberServers(dataDir, servers);

    expect(rememberedServers(dataDir)).toEqual(servers);
    // Addresses that were given may hold passwords.
    expect(statSync(join(dataDir, 'servers.json')).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
