import { readFileSync } from 'node:fs';
import { DEMO_PASSWORD } from '@vitrine/demo/world/people';
import { readEnv } from '@vitrine/platform/env';
import { readAppNewArgs } from './app-new-args.ts';
import { asking } from './ask.ts';
import { exampleOf } from './guide.ts';
import { makeApp } from './make-app.ts';
import { appText, envLines } from './show-app.ts';
import { signUp } from './sign-up.ts';

/*
 * `npm run app:new` against a running platform: registers an app, waits for its test shop, and prints
 * an example that works. Uses the public graph alone, as anybody outside does.
 */
const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function run(argv: readonly string[]): Promise<void> {
  const { PORT } = readEnv();
  const args = readAppNewArgs(argv, {
    url: `http://localhost:${PORT}`,
    email: 'developer1@demo.vitrine.example',
    password: DEMO_PASSWORD,
  });
  const ask = asking(args.url);
  if (args.isSigningUp) await signUp(ask, args);
  const app = await makeApp(ask, args);
  if (args.format === 'json') print(JSON.stringify(app, null, 2));
  else if (args.format === 'env') print(envLines(app));
  else {
    const guide = new URL('../../../../docs/integrators.md', import.meta.url);
    print(appText(app, exampleOf(readFileSync(guide, 'utf8'))));
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
