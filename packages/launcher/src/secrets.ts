import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const names = ['TOKEN_SECRET', 'VIEWER_SECRET', 'SECOND_FACTOR_SECRET'] as const;
type Secrets = Record<(typeof names)[number], string>;

/** What every file has had; the others came later and are added to a file of before. */
const schema = z.object({
  TOKEN_SECRET: z.string(),
  VIEWER_SECRET: z.string(),
  SECOND_FACTOR_SECRET: z.string().optional(),
});

/**
 * This machine's own secrets, made once, so that tokens outlive a restart and work nowhere else.
 * Throws for a file that holds none: new ones in its place would end every session unasked.
 */
export function secretsOf(dataDir: string): Secrets {
  const path = join(dataDir, 'secrets.json');
  const kept = existsSync(path) ? read(path) : {};
  const made: Secrets = { ...newSecrets(), ...kept };
  if (names.every((name) => kept[name] !== undefined)) return made;
  // Whole or not at all, should this process be killed now.
  writeFileSync(`${path}.partial`, JSON.stringify(made), { mode: 0o600 });
  renameSync(`${path}.partial`, path);
  return made;
}

const newSecrets = (): Secrets => ({
  TOKEN_SECRET: randomBytes(32).toString('base64url'),
  VIEWER_SECRET: randomBytes(32).toString('base64url'),
  SECOND_FACTOR_SECRET: randomBytes(32).toString('base64url'),
});

function read(path: string): Partial<Secrets> {
  try {
    const { SECOND_FACTOR_SECRET, ...always } = schema.parse(
      JSON.parse(readFileSync(path, 'utf8')),
    );
    return SECOND_FACTOR_SECRET === undefined ? always : { ...always, SECOND_FACTOR_SECRET };
  } catch (error) {
    throw new Error(`${path} holds no usable secrets; remove it to have new ones made`, {
      cause: error,
    });
  }
}
