import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { catalogOf, engineOver, guest, shopsOf, silent } from '../../test/small-graph.ts';
import { type Audience, openAudience } from './audience.ts';
import { warmUp } from './warm-up.ts';

const audience = (): Audience =>
  openAudience('public', engineOver([catalogOf(), shopsOf()]).engine);

async function ask({ engine, read }: Audience, text: string): Promise<void> {
  const operation = read(text);
  if (!('document' in operation)) throw new Error(String(operation[0]));
  await engine.execute({ operation, variables: {}, scope: guest() });
}

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'vitrine-plans-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

test('what clients asked in the last run is planned in the next before they ask', async () => {
  const folder = await directory();
  const first = audience();
  await ask(first, '{ products { id } }');
  const parts = { directory: folder, trusted: [], logger: silent };
  await warmUp(parts)
    .keeping(() => [['public', first]])
    .close();

  const second = audience();
  await warmUp(parts).begin(second);
  expect(second.engine.plans.mostUsed(5).map(({ text }) => text)).toEqual(['{ products { id } }']);
});

test('trusted documents are planned at the start, those that are not valid any more passed over', async () => {
  const fresh = audience();
  const trusted = ['query A { products { title } }', 'query B { gone }'];
  await warmUp({ directory: await directory(), trusted, logger: silent }).begin(fresh);
  expect(fresh.engine.plans.size).toBe(1);
});

test('a new graph is planned for what the old one was asked', async () => {
  const old = audience();
  await ask(old, '{ products { id } }');
  const fresh = audience();
  await warmUp({ directory: await directory(), trusted: [], logger: silent }).prepare(fresh, old);
  expect(fresh.engine.plans.size).toBe(1);
});
