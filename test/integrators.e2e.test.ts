import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type GuideBlock, guideBlocks } from '@vitrine/launcher/app-new/guide';
import { freePort } from '@vitrine/local-services/supervisor/free-port';
import { inheritedEnv } from '@vitrine/platform/env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestPlatform, type TestPlatform } from './platform.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const guide = guideBlocks(readFileSync(join(root, 'docs/integrators.md'), 'utf8'));
/** Below it are examples to read. */
const steps = guide.slice(0, guide.findIndex(({ note }) => note === 'stop') + 1);

/** One shell that runs block after block, as a person's terminal does. */
function openTerminal(env: Readonly<Record<string, string>>) {
  const shell: ChildProcess = spawn('bash', ['--norc', '--noprofile'], {
    cwd: root,
    // A group of its own, so that what it leaves running ends with it.
    detached: true,
    env: { ...inheritedEnv(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { stdin, stdout, stderr } = shell;
  if (!stdin || !stdout || !stderr) throw new Error('a terminal has all three streams');
  const troubles: string[] = [];
  createInterface({ input: stderr }).on('line', (line) => void troubles.push(line));
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  // Where a variable is unset, the guide is wrong.
  stdin.write('set -u\n');
  let blocks = 0;

  return {
    /** What the block printed, once its last command has ended. Throws where that failed. */
    async run(text: string): Promise<string> {
      blocks += 1;
      const mark = `--- end of block ${blocks}: `;
      stdin.write(`${text}\nprintf '\\n%s%s\\n' '${mark}' "$?"\n`);
      const printed: string[] = [];
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`the shell ended: ${troubles.join('\n')}`);
        if (value.startsWith(mark)) {
          if (value !== `${mark}0`) {
            throw new Error(`it failed:\n${[...printed, ...troubles].join('\n')}`);
          }
          return printed.join('\n').trim();
        }
        printed.push(value);
      }
    },
    close() {
      if (shell.pid !== undefined && shell.exitCode === null) process.kill(-shell.pid, 'SIGKILL');
    },
  };
}

/** `…` stands for anything on its line. */
const expected = ({ text }: GuideBlock): RegExp =>
  new RegExp(
    `^${text
      .split('…')
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
  );

describe('docs/integrators.md', () => {
  let platform: TestPlatform;
  let terminal: ReturnType<typeof openTerminal>;
  let appDir: string;
  let origin: string;
  beforeAll(async () => {
    platform = await startTestPlatform('in-process', { WEBHOOKS_ALLOW_PRIVATE: 'true' });
    // Inside of the repository, where its packages are at hand.
    await mkdir(join(root, '.data'), { recursive: true });
    appDir = await mkdtemp(join(root, '.data', 'guide-'));
    origin = platform.running.url.replace(/\/graphql$/, '');
    terminal = openTerminal({
      VITRINE_URL: origin,
      APP_DIR: appDir,
      RECEIVER_PORT: String(await freePort()),
    });
  }, 120_000);
  afterAll(async () => {
    terminal?.close();
    if (appDir) await rm(appDir, { recursive: true, force: true });
    await platform?.stop();
  }, 60_000);

  test('begins by starting a platform as a person does, and ends by tidying up', () => {
    expect(steps[0]).toMatchObject({ note: 'start', text: 'npm install\nnpm start' });
    expect(steps.at(-1)).toMatchObject({ note: 'stop' });
  });

  test('takes a developer from nothing to a verified webhook, step by step as it stands', async () => {
    const began = performance.now();
    let printed = '';
    for (const block of steps.slice(1)) {
      const { language, note, text, line } = block;
      if (language === 'js') await writeFile(join(appDir, note), `${text}\n`);
      else if (language === 'text') {
        expect(printed, `docs/integrators.md:${line}`).toMatch(expected(block));
      } else if (language === 'bash') {
        printed = await terminal.run(text).catch((error: unknown) => {
          throw new Error(`docs/integrators.md:${line}: ${error}`);
        });
      } else throw new Error(`docs/integrators.md:${line} is no step: ${language}`);
    }
    // People read and type; what the platform takes of their ten minutes is this.
    expect(performance.now() - began).toBeLessThan(60_000);
  }, 120_000);

  test('`npm run app:new` opens an account, and what it prints works when it is pasted', async () => {
    const account = '--sign-up --email ann@integrators.example --password a-long-enough-one';
    const printed = await terminal.run(
      `npm run --silent app:new -- --url "${origin}" --name "Ann's app" ${account}`,
    );
    const secret = /client secret {2}(\S+) {3}/.exec(printed)?.[1];
    expect(secret).toMatch(/.{20,}/);
    const example = printed.slice(printed.indexOf('export VITRINE_URL='));
    expect(example).toContain(`export CLIENT_SECRET='${secret}'`);

    const pasted = await terminal.run(example);
    await terminal.run('kill %%');

    expect(pasted).toContain('"testShop":{"name":"Test shop of Ann\'s app"');
    expect(pasted).toMatch(/^verified webhook\.ping whk_/m);
    expect(pasted).toMatch(/^verified order\.placed ord_/m);
    expect(pasted).toMatch(/^refused: PAYMENT_DECLINED$/m);
  }, 120_000);

  test('`npm run app:new -- --json` is for scripts, and says on its error stream what is wrong', async () => {
    const printed = await terminal.run(`npm run --silent app:new -- --url "${origin}" --json`);

    expect(JSON.parse(printed)).toMatchObject({
      url: origin,
      clientId: expect.stringMatching(/^tpa_/),
      clientSecret: expect.any(String),
      shopId: expect.stringMatching(/^shp_/),
      shopName: 'Test shop of My first app',
      variantId: expect.stringMatching(/^var_/),
      appToken: expect.any(String),
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
    });
    const account = '--email ann@integrators.example --password not-that-one';
    await expect(
      terminal.run(`npm run --silent app:new -- --url "${origin}" ${account}`),
    ).rejects.toThrow('it failed');
  }, 60_000);
});
