import { readEnv } from '@vitrine/platform/env';
import { launchOptionsOf } from './args.ts';
import { launch } from './launch.ts';
import { printStep, printTrouble } from './print.ts';
import { dropHalfWorld, seedIfEmpty } from './seed-if-empty.ts';

/* `npm run seed`: makes the demo world where there is none, without staying on. */
try {
  const env = readEnv();
  const platform = await launch({
    ...launchOptionsOf(env),
    // Workers have to run for the world to settle; the gateway takes a free port beside a running one.
    port: 0,
    // The pictures are addressed by where `npm start` will be, not by that passing port.
    publicUrl: env.PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    shape: 'in-process',
    onStep: printStep,
    onTrouble: printTrouble,
    beforeWork: dropHalfWorld,
    prepare: async (servers) => {
      if (await seedIfEmpty(servers, printStep)) return;
      printStep({ name: 'demo world', detail: 'there already; `npm run reset` removes it', ms: 0 });
    },
  });
  await platform.stop();
  process.exit(0);
} catch (error) {
  printTrouble(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
