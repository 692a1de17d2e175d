import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadGraph } from '@vitrine/gateway/execution/graph';
import { printSchema } from 'graphql';
import { composeAll } from './composition.ts';
import { contractNames, contractOf } from './contracts.ts';

/*
 * `npm run compose` writes `supergraph.graphql`, `public.graphql`, and both of each contract under
 * `contracts/`; with `--check` it writes nothing and fails when one of them is not current.
 */
const { supergraphSdl, publicSdl } = composeAll();
const contracts = contractNames.flatMap((name) => {
  const sdl = contractOf(supergraphSdl, name);
  // Loaded as the gateway loads it, so that a contract that hangs together nowhere fails here.
  const schema = loadGraph(sdl).supergraph.apiSchema().toGraphQLJSSchema();
  const clientSdl = `${printSchema(schema)}\n`;
  return [
    [new URL(`../contracts/${name}.supergraph.graphql`, import.meta.url), sdl],
    [new URL(`../contracts/${name}.graphql`, import.meta.url), clientSdl],
  ] as const;
});
const targets = [
  [new URL('../supergraph.graphql', import.meta.url), supergraphSdl],
  [new URL('../public.graphql', import.meta.url), publicSdl],
  ...contracts,
] as const;

const stale = targets.filter(([url, sdl]) => !existsSync(url) || readFileSync(url, 'utf8') !== sdl);
if (process.argv.includes('--check')) {
  for (const [url] of stale) console.error(`Not current, run npm run compose: ${url.pathname}`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [url, sdl] of stale) writeFileSync(url, sdl);
  console.log(`composed, ${stale.length} of ${targets.length} files changed`);
}
