import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A document of a first-party client, exactly as the client sends it. */
export interface FirstPartyDocument {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
}

/** Where first-party clients keep their operations: files of GraphQL, and templates marked as GraphQL. */
const FILES = 'gateway/src/examples/**/*.graphql';
const SOURCES = 'packages/demo/src/**/*.ts';

/** Every document of the first-party clients under `root`, in the order of its files. */
export function firstPartyDocuments(root: string): readonly FirstPartyDocument[] {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const files = globSync(FILES, { cwd: root }).toSorted();
  const sources = globSync(SOURCES, { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .toSorted();
  return [
    ...files.map((file) => ({ file, text: read(file) })),
    ...sources.flatMap((file) => documentsIn(read(file), file)),
  ];
}

/**
 * The texts of templates that carry the comment which editors know GraphQL by. A template that is put
 * together at run time has no one hash and throws.
 */
export function documentsIn(source: string, file: string): readonly FirstPartyDocument[] {
  return [...source.matchAll(/\/\* GraphQL \*\/ `([^`]*)`/g)].map(([, text = '']) => {
    if (text.includes('${') || text.includes('\\')) {
      throw new Error(`${file}: a trusted document is one literal text`);
    }
    return { file, text };
  });
}
