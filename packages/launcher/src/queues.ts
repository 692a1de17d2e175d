import { consumers } from '@vitrine/events/routes';
import { listDeadLetters, replay, retryDeadLetters } from '@vitrine/platform/dead-letters';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { openServices } from '@vitrine/platform/services';
import { type OwnerName, ownerNames, subgraphNames } from '@vitrine/platform/subgraph';
import { launchOptionsOf } from './args.ts';
import { rememberedServers } from './running-servers.ts';

/*
 * `npm run queues -- …` against a running platform: that of `npm start`, or MONGODB_URL and REDIS_URL.
 *   dead <queue>                        what used up its attempts
 *   retry <queue>                       gives all of that its attempts back
 *   replay <consumer> <since RFC 3339>  puts published facts on a consumer's queue again
 */
const [command, queue, since] = process.argv.slice(2);
const env = readEnv();
const { dataDir } = launchOptionsOf(env);
const {
  mongoUrl = rememberedServers(dataDir)?.mongoUrl,
  redisUrl = rememberedServers(dataDir)?.redisUrl,
} = launchOptionsOf(env);
const usage = 'usage: dead <queue> | retry <queue> | replay <consumer> <since>';
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Facts of the platform itself, such as `audit.action-recorded`, lie in everybody's outbox. */
const mayBeOf =
  (own: OwnerName) =>
  (type: string): boolean =>
    type.startsWith(`${own}.`) || !ownerNames.some((name) => type.startsWith(`${name}.`));

async function run(): Promise<number> {
  if (!command || !queue || !mongoUrl || !redisUrl) {
    print(
      mongoUrl && redisUrl
        ? usage
        : 'no platform is known here: npm start, or give MONGODB_URL and REDIS_URL',
    );
    return 2;
  }
  const logger = openLogger({ LOG_LEVEL: 'warn' }, 'queues');
  const open = (name: OwnerName) => openServices(name, { env, logger, mongoUrl, redisUrl });

  if (command === 'replay') {
    const routes = Object.entries(consumers).find(([name]) => name === queue)?.[1];
    const from = new Date(since ?? '');
    if (!routes || Number.isNaN(from.getTime())) {
      print(`${usage}; consumers: ${Object.keys(consumers).join(' ')}`);
      return 2;
    }
    const types = routes.map(({ type }) => type);
    let count = 0;
    for (const name of subgraphNames.filter((own) => types.some(mayBeOf(own)))) {
      const services = await open(name);
      count += await replay(services, { consumer: queue, types, since: from });
      await services.close();
    }
    print(`${count} facts put on ${queue} again`);
    return 0;
  }

  const owner = ownerNames.find((name) => queue.startsWith(`${name}.`));
  if (!owner || (command !== 'dead' && command !== 'retry')) {
    print(usage);
    return 2;
  }
  const services = await open(owner);
  if (command === 'retry') print(`${await retryDeadLetters(services, queue)} jobs tried again`);
  else {
    const letters = await listDeadLetters(services, queue);
    for (const letter of letters) print(JSON.stringify(letter));
    print(`${letters.length} dead letters in ${queue}`);
  }
  await services.close();
  return 0;
}

process.exit(await run());
