import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { breakingChanges, unannounced } from './breaking-changes.ts';

/*
 * `npm run schema:check [-- <git revision>]` compares the public schema with that of the main
 * branch (the commit before this one when run on it) and fails on a breaking change that no new
 * entry of `schema/CHANGELOG.md` announces.
 */
const git = (...args: string[]): string | null => {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
};

function baseRevision(): string | null {
  const given = process.argv[2];
  if (given !== undefined) return given;
  const head = git('rev-parse', 'HEAD')?.trim();
  for (const branch of ['origin/main', 'main']) {
    const base = git('merge-base', 'HEAD', branch)?.trim();
    if (base && base !== head) return base;
  }
  return git('rev-parse', 'HEAD~1')?.trim() ?? null;
}

const base = baseRevision();
const before = base === null ? null : git('show', `${base}:schema/public.graphql`);
if (base === null || before === null) {
  console.log('There is no earlier public schema to compare with.');
} else {
  const publicSdl = readFileSync(new URL('../public.graphql', import.meta.url), 'utf8');
  const changes = await breakingChanges(buildSchema(before), buildSchema(publicSdl));
  const oldLog = new Set((git('show', `${base}:schema/CHANGELOG.md`) ?? '').split('\n'));
  const log = readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8').split('\n');
  const added = log.filter((line) => !oldLog.has(line)).join('\n');
  const silent = unannounced(changes, added);
  for (const { coordinate, message } of silent) {
    console.error(`breaking and not announced: \`${coordinate}\`: ${message}`);
  }
  console.log(
    `${changes.length} breaking changes since ${base.slice(0, 9)}, ${silent.length} not announced`,
  );
  process.exitCode = silent.length > 0 ? 1 : 0;
}
