import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseUsageFile, type UsageFile } from '@vitrine/gateway/usage/report/usage-file';
import { buildSchema } from 'graphql';
import { breakingChanges } from './breaking-changes.ts';
import { deprecationProblems } from './deprecations.ts';
import { distrust, isRefused, judgeChanges, judgementLines } from './judge-changes.ts';

/*
 * `npm run schema:check [-- [<git revision>] [--usage <file>]]` compares the public schema with that
 * of the main branch (the commit before this one when run on it) and fails on a breaking change that
 * no new entry of `schema/CHANGELOG.md` announces, unless the usage file shows that nobody would
 * notice; on a removal before its promised day; and on a deprecation without replacement and date.
 * The file is `schema/usage.json` unless given, written by `npm run schema:usage -- --export`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { usage: { type: 'string' } },
});

const git = (...args: string[]): string | null => {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
};

function baseRevision(): string | null {
  const [given] = positionals;
  if (given !== undefined) return given;
  const head = git('rev-parse', 'HEAD')?.trim();
  for (const branch of ['origin/main', 'main']) {
    const base = git('merge-base', 'HEAD', branch)?.trim();
    if (base && base !== head) return base;
  }
  return git('rev-parse', 'HEAD~1')?.trim() ?? null;
}

/** Null where there is none that proves anything; one that was asked for by name must be there. */
function readUsage(now: Date): UsageFile | null {
  const file = values.usage ?? fileURLToPath(new URL('../usage.json', import.meta.url));
  if (values.usage === undefined && !existsSync(file)) return null;
  const usage = parseUsageFile(readFileSync(file, 'utf8'));
  const doubt = distrust(usage, now);
  if (doubt !== null) console.log(`${file} does not count: ${doubt}.`);
  return doubt === null ? usage : null;
}

async function check(now: Date): Promise<boolean> {
  const sdl = readFileSync(new URL('../public.graphql', import.meta.url), 'utf8');
  const after = buildSchema(sdl);
  const problems = deprecationProblems(after);
  for (const problem of problems) console.error(problem);

  const base = baseRevision();
  const beforeSdl = base === null ? null : git('show', `${base}:schema/public.graphql`);
  if (base === null || beforeSdl === null) {
    console.log('There is no earlier public schema to compare with.');
    return problems.length === 0;
  }
  const before = buildSchema(beforeSdl);
  const oldLog = new Set((git('show', `${base}:schema/CHANGELOG.md`) ?? '').split('\n'));
  const log = readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8').split('\n');
  const judged = judgeChanges(await breakingChanges(before, after), {
    before,
    addedLines: log.filter((line) => !oldLog.has(line)).join('\n'),
    usage: readUsage(now),
    today: now.toISOString().slice(0, 10),
  });
  for (const judgement of judged) {
    for (const line of judgementLines(judgement)) {
      if (isRefused(judgement)) console.error(line);
      else console.log(line);
    }
  }
  const refused = judged.filter(isRefused).length;
  console.log(`${judged.length} breaking changes since ${base.slice(0, 9)}, ${refused} refused`);
  return refused === 0 && problems.length === 0;
}

try {
  process.exitCode = (await check(new Date())) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
