import { launchOptionsOf } from './args.ts';
import { launch } from './launch.ts';
import { printStep, printTrouble } from './print.ts';
import { dropHalfWorld, seedIfEmpty } from './seed-if-empty.ts';

/* `npm run seed`: makes the demo world where there is none, without staying on. */
try {
  const platform = await launch({
    ...launchOptionsOf(),
    // Workers have to run for the world to settle; the gateway takes a free port beside a running one.
    port: 0,
    shape: 'in-process',
    onStep: printStep,
    onTrouble: printTrouble,
    beforeWork: dropHalfWorld,
    prepare: (servers) => seedIfEmpty(servers, printStep),
  });
  await platform.stop();
  process.exit(0);
} catch (error) {
  printTrouble(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
