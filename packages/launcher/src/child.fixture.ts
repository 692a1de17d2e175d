import { appendFileSync, readFileSync } from 'node:fs';
import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { endOnSignal } from '@vitrine/platform/shutdown';
import { startChild } from './child.ts';

/* A process for the tests of `child.ts`, which behaves as its first argument says. */
const [behaviour, file = ''] = process.argv.slice(2);
const logger = openLogger({ LOG_LEVEL: 'warn' }, 'fixture');
const stayAlive = () => setInterval(() => {}, 1_000);

function serve(): void {
  stayAlive();
  endOnSignal(async () => {
    process.stdout.write('the last words\n');
  }, logger);
  process.send?.({ ready: 'fixture', url: `http://fixture/${readEnv().CRASH_AT ?? 'plain'}` });
}

switch (behaviour) {
  case 'serve':
    serve();
    break;
  case 'die':
    process.stderr.write('no way to go on\n');
    process.exit(3);
    break;
  case 'die-once':
    appendFileSync(file, 'life\n');
    if (readFileSync(file, 'utf8') === 'life\n') process.exit(3);
    serve();
    break;
  case 'warn':
    logger.info('all is well');
    logger.warn({ err: new Error('the cause') }, 'something is odd');
    serve();
    break;
  case 'never-ready':
    stayAlive();
    break;
  case 'parent': {
    // Starts another of its kind and says which process that is.
    const child = startChild({
      name: 'grandchild',
      module: 'packages/launcher/src/child.fixture.ts',
      args: [process.argv[4] ?? 'serve'],
      env: {},
      logFile: file,
      onTrouble: () => {},
    });
    process.stdout.write(`${child.pid}\n`);
    break;
  }
  default:
    throw new Error(`the fixture cannot ${behaviour}`);
}
