import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { composeAll } from './composition.ts';

/*
 * `npm run compose` writes `supergraph.graphql` and `public.graphql`; with `--check` it writes
 * nothing and fails when one of them is not current.
 */
const { supergraphSdl, publicSdl } = composeAll();
const targets = [
  [new URL('../supergraph.graphql', import.meta.url), supergraphSdl],
  [new URL('../public.graphql', import.meta.url), publicSdl],
] as const;

const stale = targets.filter(([url, sdl]) => !existsSync(url) || readFileSync(url, 'utf8') !== sdl);
if (process.argv.includes('--check')) {
  for (const [url] of stale) console.error(`Not current, run npm run compose: ${url.pathname}`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [url, sdl] of stale) writeFileSync(url, sdl);
  console.log(`composed, ${stale.length} of ${targets.length} files changed`);
}
