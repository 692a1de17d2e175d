import { join } from 'node:path';
import { readEnv } from '@vitrine/platform/env';
import { launchOptionsOf, readArgs } from './args.ts';
import { type Child, startChild } from './child.ts';
import { launch, type RunningPlatform } from './launch.ts';
import { printReady, printStep, printTrouble } from './print.ts';
import { dropHalfWorld, seedIfEmpty } from './seed-if-empty.ts';
import { watchSources } from './watch.ts';

/* `npm start`: everything on one machine, until Ctrl-C. */

const { args, options } = readInvocation();
const began = performance.now();

let platform: RunningPlatform | undefined;
let player: Child | undefined;
let isEnding = false;

function readInvocation() {
  try {
    const env = readEnv();
    return { args: readArgs(process.argv.slice(2), env), options: launchOptionsOf(env) };
  } catch (error) {
    printTrouble(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

async function end(code: number): Promise<never> {
  if (isEnding) process.exit(1);
  isEnding = true;
  // At once: Ctrl-C reaches all of them, and who is not expected to end is started again.
  await Promise.all([player?.stop(), platform?.stop()]);
  process.exit(code);
}
process.on('SIGINT', () => void end(0));
process.on('SIGTERM', () => void end(0));
process.on('SIGHUP', () => void end(0));

try {
  platform = await launch({
    ...options,
    shape: args.shape,
    onStep: printStep,
    onTrouble: (line) => !isEnding && printTrouble(line),
    ...(args.hasDemo
      ? {
          beforeWork: dropHalfWorld,
          prepare: async (servers) => void (await seedIfEmpty(servers, printStep)),
        }
      : {}),
  });
} catch (error) {
  printTrouble(error instanceof Error ? error.message : String(error));
  await end(1);
}

if (platform) {
  if (args.hasPlayer) {
    player = startChild({
      name: 'player',
      module: 'packages/demo/src/player/main.ts',
      args: [platform.url],
      env: {},
      logFile: join(options.dataDir, 'logs', 'player.log'),
      onTrouble: () => {},
    });
  }
  if (args.isWatching) watchSources(platform, printTrouble);
  printReady(platform.url, { ms: performance.now() - began, hasDemo: args.hasDemo });
}
