import { readFileSync, writeFileSync } from 'node:fs';
import { readUsage } from '@vitrine/gateway/usage/report/usage.store';
import { usageFileOf } from '@vitrine/gateway/usage/report/usage-file';
import { isInSchema, reportLines, usageReport } from '@vitrine/gateway/usage/report/usage-report';
import { dayOf } from '@vitrine/gateway/usage/usage-keys';
import { readEnv } from '@vitrine/platform/env';
import { openMongo } from '@vitrine/platform/mongo';
import { databaseName } from '@vitrine/platform/services';
import { buildSchema } from 'graphql';
import { launchOptionsOf } from './args.ts';
import { rememberedServers } from './running-servers.ts';
import { readUsageArgs } from './usage-args.ts';

/*
 * `npm run schema:usage [-- --since 30d --field Product.title --json --export usage.json]` against a
 * running platform, that of `npm start` or of MONGODB_URL: who uses what of the public schema.
 */
const print = (line: string): void => void process.stdout.write(`${line}\n`);
// Who reads only the first lines, as by `head`, has seen enough.
process.stdout.on('error', () => process.exit());

async function run(argv: readonly string[], now: Date): Promise<number> {
  const { since, field, asJson, exportTo } = readUsageArgs(argv, now);
  const env = readEnv();
  const { dataDir, mongoUrl = rememberedServers(dataDir)?.mongoUrl } = launchOptionsOf(env);
  if (mongoUrl === undefined) {
    throw new Error('no platform is known here: npm start, or give MONGODB_URL');
  }
  const sdl = readFileSync(new URL('../../../schema/public.graphql', import.meta.url), 'utf8');
  const schema = buildSchema(sdl);
  if (field !== undefined && !isInSchema(schema, field)) {
    throw new Error(`the public schema has no ${field}`);
  }
  const db = await openMongo(mongoUrl, databaseName(env.NAMESPACE, 'gateway'));
  try {
    const uses = await readUsage(db, { since, coordinate: field });
    const file = usageFileOf(uses, { since: dayOf(since), until: dayOf(now) });
    if (exportTo !== undefined) {
      writeFileSync(exportTo, `${JSON.stringify(file, null, 2)}\n`);
      print(`${Object.keys(file.usage).length} coordinates in use, written to ${exportTo}`);
      return 0;
    }
    const report = usageReport(schema, file, field);
    if (asJson) print(JSON.stringify(report, null, 2));
    else for (const line of reportLines(report)) print(line);
    return 0;
  } finally {
    await db.close();
  }
}

try {
  process.exitCode = await run(process.argv.slice(2), new Date());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
