import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { PICTURE_PX } from '../world/products.ts';
import type { World } from '../world/world.ts';
import { drawAvatar, drawProduct } from './draw.ts';

const AVATAR_PX = 96;

/** Draws the world's pictures into the folder that the gateway serves at `/media/`; answers how many were new. */
export async function drawPictures(world: World, mediaDir: string): Promise<number> {
  const people = [
    world.operator,
    world.developer,
    ...world.owners,
    ...world.creatorPeople,
    ...world.buyers,
  ];
  const pictures = [
    ...world.products.map(({ category, productId }) => ({
      path: join(mediaDir, 'products', category, `${productId}.png`),
      draw: () => drawProduct(category, productId, PICTURE_PX),
    })),
    ...people.map(({ handle }) => ({
      path: join(mediaDir, 'avatars', `${handle}.png`),
      draw: () => drawAvatar(handle, AVATAR_PX),
    })),
  ];
  let drawn = 0;
  for (const { path, draw } of pictures) {
    if (await exists(path)) continue;
    await mkdir(dirname(path), { recursive: true });
    // A kill must not leave half a picture that looks drawn.
    await writeFile(`${path}.partial`, draw());
    await rename(`${path}.partial`, path);
    drawn += 1;
    await breathe();
  }
  return drawn;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
