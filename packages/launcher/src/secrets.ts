import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({ TOKEN_SECRET: z.string(), VIEWER_SECRET: z.string() });
type Secrets = z.output<typeof schema>;

/**
 * This machine's own secrets, made once, so that tokens outlive a restart and work nowhere else.
 * Throws for a file that holds none: new ones in its place would end every session unasked.
 */
export function secretsOf(dataDir: string): Secrets {
  const path = join(dataDir, 'secrets.json');
  if (existsSync(path)) return read(path);
  const made = {
    TOKEN_SECRET: randomBytes(32).toString('base64url'),
    VIEWER_SECRET: randomBytes(32).toString('base64url'),
  };
  // Whole or not at all, should this process be killed now.
  writeFileSync(`${path}.partial`, JSON.stringify(made), { mode: 0o600 });
  renameSync(`${path}.partial`, path);
  return made;
}

function read(path: string): Secrets {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Error(`${path} holds no usable secrets; remove it to have new ones made`, {
      cause: error,
    });
  }
}
