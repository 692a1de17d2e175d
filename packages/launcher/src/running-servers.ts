import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({ mongoUrl: z.string(), redisUrl: z.string() });

/** Where a platform's servers are. */
export type RunningServers = z.infer<typeof schema>;

const fileIn = (dataDir: string): string => join(dataDir, 'servers.json');

/**
 * Notes where the servers of a data folder listen, for commands that come later. For this user
 * alone: addresses that were given may hold passwords.
 */
export function rememberServers(dataDir: string, { mongoUrl, redisUrl }: RunningServers): void {
  writeFileSync(fileIn(dataDir), JSON.stringify({ mongoUrl, redisUrl }), { mode: 0o600 });
}

/** Where they listened last; null where none were started. Whether they still do is another matter. */
export function rememberedServers(dataDir: string): RunningServers | null {
  const file = fileIn(dataDir);
  return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}
