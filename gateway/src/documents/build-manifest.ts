import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadGraph } from '../execution/graph.ts';
import { firstPartyDocuments } from './first-party.ts';
import { MANIFEST_FILE } from './manifest.ts';
import { manifestOf } from './write-manifest.ts';

/*
 * `npm run documents` writes the manifest of the first-party clients' operations; with `--check` it
 * writes nothing and fails when the manifest is not current.
 */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const supergraph = new URL('../../../schema/supergraph.graphql', import.meta.url);
const graph = loadGraph(readFileSync(supergraph, 'utf8'));
const manifest = manifestOf(graph, firstPartyDocuments(root));
const json = `${JSON.stringify(manifest, null, 2)}\n`;
const isCurrent = existsSync(MANIFEST_FILE) && readFileSync(MANIFEST_FILE, 'utf8') === json;

if (process.argv.includes('--check')) {
  if (!isCurrent)
    console.error('Not current, run npm run documents: schema/trusted-documents.json');
  process.exitCode = isCurrent ? 0 : 1;
} else {
  if (!isCurrent) writeFileSync(MANIFEST_FILE, json);
  console.log(
    `${manifest.operations.length} trusted documents, ${isCurrent ? 'as before' : 'written'}`,
  );
}
