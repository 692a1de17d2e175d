import { verifyAuditLog } from '@vitrine/accounts/audit/verify-audit.store';
import { readEnv } from '@vitrine/platform/env';
import { openMongo } from '@vitrine/platform/mongo';
import { databaseName } from '@vitrine/platform/services';
import { launchOptionsOf } from './args.ts';
import { readAnchors } from './audit-anchors.ts';
import { rememberedServers } from './running-servers.ts';

/*
 * `npm run audit:verify [-- <chain>:<number>:<hash> …]` against a running platform, that of `npm start`
 * or of MONGODB_URL: reads the audit log to its end and names every place that is not as it was
 * appended. Anchors, as the workers log them, show also what was cut off together with the anchors in
 * the database. Ends with 1 where something is wrong.
 */
const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function run(argv: readonly string[]): Promise<number> {
  const anchors = readAnchors(argv);
  const env = readEnv();
  const { dataDir, mongoUrl = rememberedServers(dataDir)?.mongoUrl } = launchOptionsOf(env);
  if (mongoUrl === undefined) {
    throw new Error('no platform is known here: npm start, or give MONGODB_URL');
  }
  const db = await openMongo(mongoUrl, databaseName(env.NAMESPACE, 'accounts'));
  try {
    const count = { chains: 0, entries: 0, faults: 0 };
    for await (const { chain, entries, faults } of verifyAuditLog(
      { db, clock: () => new Date() },
      anchors,
    )) {
      count.chains += 1;
      count.entries += entries;
      count.faults += faults.length;
      for (const { kind, number, factId } of faults) {
        print(`${kind} ${chain} ${number}${factId === null ? '' : ` ${factId}`}`);
      }
    }
    print(
      `${count.entries} entries in ${count.chains} chains, ${count.faults === 0 ? 'no fault' : `${count.faults} faults`}`,
    );
    return count.faults === 0 ? 0 : 1;
  } finally {
    await db.close();
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
