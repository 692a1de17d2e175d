import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorld } from '../world/world.ts';
import { drawPictures } from './pictures.ts';

const MEDIA = 'http://localhost:4000/media';
const world = makeWorld({
  seed: 7,
  now: new Date('2026-04-02T18:00:00.000Z'),
  mediaUrl: MEDIA,
  size: { shopsPerMarket: 1, productsPerShop: 2, creators: 5, buyers: 5, sessionsPerBuyer: 1 },
});
const urls = [
  ...world.products.flatMap(({ images }) => images.map(({ url }) => url)),
  ...[
    world.operator,
    world.developer,
    ...world.owners,
    ...world.creatorPeople,
    ...world.buyers,
  ].map(({ avatarUrl }) => avatarUrl ?? ''),
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-pictures-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('every picture that the world links to is there, and nothing half-written', async () => {
  await drawPictures(world, folder);

  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const drawn = files
    .filter((file) => file.isFile())
    .map((file) => `${MEDIA}${join(file.parentPath, file.name).slice(folder.length)}`);
  expect(drawn.toSorted()).toEqual(urls.toSorted());
});

test('what is there already is not drawn again', async () => {
  const all = await drawPictures(world, folder);
  const [first = ''] = urls;
  const path = join(folder, first.slice(MEDIA.length));
  await rm(path);

  expect(all).toBe(urls.length);
  expect(await drawPictures(world, folder)).toBe(1);
  expect((await readFile(path)).length).toBeGreaterThan(100);
});

test('a picture that a kill cut short is drawn in the end', async () => {
  const [first = ''] = urls;
  const path = join(folder, first.slice(MEDIA.length));
  await drawPictures(world, folder);
  await rm(path);
  await writeFile(`${path}.partial`, 'half a picture');

  await drawPictures(world, folder);

  expect((await readFile(path)).subarray(1, 4).toString()).toBe('PNG');
  expect(await readdir(dirname(path))).not.toContain(`${basename(path)}.partial`);
});
