import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DocumentNode, parse } from 'graphql';

const common = fileURLToPath(new URL('../../../schema/common.graphql', import.meta.url));

/** A subgraph's part of the contract: every `.graphql` file under its `src`, and the shared definitions. */
export function readTypeDefs(src: string): DocumentNode {
  const files = globSync('**/*.graphql', { cwd: src }).toSorted();
  const sources = [common, ...files.map((file) => join(src, file))];
  return parse(sources.map((file) => readFileSync(file, 'utf8')).join('\n'));
}
