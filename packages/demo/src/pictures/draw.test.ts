import { describe, expect, test } from 'vitest';
import { PICTURE_PX } from '../world/products.ts';
import { texts } from '../world/texts.ts';
import { drawAvatar, drawProduct } from './draw.ts';

/** Width and height as a PNG's header states them; throws for anything that is no PNG. */
function sizeOf(png: Buffer): readonly [number, number] {
  const signature = png.subarray(0, 8).toString('hex');
  if (signature !== '89504e470d0a1a0a') throw new Error(`no PNG: ${signature}`);
  if (png.subarray(-8, -4).toString('latin1') !== 'IEND') throw new Error('the PNG is cut short');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

describe('a picture of a product', () => {
  test('is a PNG as large as the product says it is, and as listings ask for', () => {
    const png = drawProduct('boots', 'prd_1', PICTURE_PX);

    expect(sizeOf(png)).toEqual([PICTURE_PX, PICTURE_PX]);
    expect(PICTURE_PX).toBeGreaterThanOrEqual(300);
  });

  test('is drawn alike every time', () => {
    const draw = () => drawProduct('skincare', 'prd_1', 100);

    expect(draw().equals(draw())).toBe(true);
  });

  test('differs from product to product, and every category has a shape of its own', () => {
    const other = drawProduct('boots', 'prd_2', 100);
    const shapes = texts.categories.map(({ category }) =>
      drawProduct(category, 'prd_1', 100).toString('base64'),
    );

    expect(drawProduct('boots', 'prd_1', 100).equals(other)).toBe(false);
    expect(new Set(shapes).size).toBe(texts.categories.length);
  });
});

describe('a picture of a person', () => {
  test('is a PNG, drawn alike every time, and as different as handles are', () => {
    const [first, again, other] = ['buyer1', 'buyer1', 'buyer2'].map((handle) =>
      drawAvatar(handle, 96),
    );
    if (!first || !again || !other) throw new Error('three were drawn');

    expect(sizeOf(first)).toEqual([96, 96]);
    expect(first.equals(again)).toBe(true);
    expect(first.equals(other)).toBe(false);
  });
});
