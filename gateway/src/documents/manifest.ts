import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { hashOf } from '../execution/operations.ts';

/**
 * Trusted documents in Apollo's format, so that the tools of existing clients write and read it.
 * https://www.apollographql.com/docs/graphos/platform/security/persisted-queries
 */
const manifestFile = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({
      /** SHA-256 of the body, in hexadecimal. */
      id: z.string(),
      name: z.string(),
      type: z.enum(['query', 'mutation', 'subscription']),
      body: z.string(),
    }),
  ),
});

export type Manifest = z.output<typeof manifestFile>;
export type TrustedOperation = Manifest['operations'][number];

/** The manifest of this repository's own operations; `npm run documents` writes it. */
export const MANIFEST_FILE = new URL('../../../schema/trusted-documents.json', import.meta.url);

/** Throws where a manifest is malformed, or an id is not the hash of its body: then it would trust something else. */
export function parseManifest(json: string): Manifest {
  const manifest = manifestFile.parse(JSON.parse(json));
  for (const { id, name, body } of manifest.operations) {
    if (hashOf(body) !== id)
      throw new Error(`"${name}" has an id that is not the hash of its body`);
  }
  return manifest;
}

export const readManifest = (file: URL = MANIFEST_FILE): Manifest =>
  parseManifest(readFileSync(file, 'utf8'));
