import type { Duty } from '@vitrine/accounts/people/person';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { openServices } from '@vitrine/platform/services';
import { operatorDuties } from '@vitrine/platform/viewer';
import { launchOptionsOf } from './args.ts';
import { readDuties } from './duty-args.ts';
import { rememberedServers } from './running-servers.ts';

/*
 * `npm run operators -- <e-mail address> REVIEWS,FINANCE,MODERATION | none` against a running
 * platform, that of `npm start` or of MONGODB_URL and REDIS_URL: entrusts somebody with exactly these
 * duties. Ends with 1 where no account has the address.
 */
const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function run(argv: readonly string[]): Promise<number> {
  const [address, list] = argv;
  const duties: readonly Duty[] | null = readDuties(list);
  if (!address || !duties) {
    print(`usage: npm run operators -- <e-mail address> ${operatorDuties.join(',')} | none`);
    return 2;
  }
  const env = readEnv();
  const { dataDir, ...given } = launchOptionsOf(env);
  const remembered = rememberedServers(dataDir);
  const { mongoUrl = remembered?.mongoUrl, redisUrl = remembered?.redisUrl } = given;
  if (!mongoUrl || !redisUrl) {
    throw new Error('no platform is known here: npm start, or give MONGODB_URL and REDIS_URL');
  }
  // Read late, so that a wrong command line is answered at once.
  const { entrust } = await import('@vitrine/accounts/people/duties.store');
  const logger = openLogger({ LOG_LEVEL: 'warn' }, 'operators');
  const services = await openServices('accounts', { env, logger, mongoUrl, redisUrl });
  try {
    const person = await entrust(services, address, duties);
    print(
      person
        ? `${person.email}: ${person.duties.join(', ') || 'no duties, and no operator'}`
        : `no account has the address ${address}`,
    );
    return person ? 0 : 1;
  } finally {
    await services.close();
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
