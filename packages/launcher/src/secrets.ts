import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const secrets = z.object({ TOKEN_SECRET: z.string(), VIEWER_SECRET: z.string() });

/** This machine's own secrets, made once, so that tokens outlive a restart and work nowhere else. */
export function secretsOf(dataDir: string): z.infer<typeof secrets> {
  const path = join(dataDir, 'secrets.json');
  if (existsSync(path)) return secrets.parse(JSON.parse(readFileSync(path, 'utf8')));
  const made = {
    TOKEN_SECRET: randomBytes(32).toString('base64url'),
    VIEWER_SECRET: randomBytes(32).toString('base64url'),
  };
  writeFileSync(path, JSON.stringify(made), { mode: 0o600 });
  return made;
}
