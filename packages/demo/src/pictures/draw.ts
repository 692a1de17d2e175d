import { Resvg } from '@resvg/resvg-js';

/** One shape a category, in a box of 100 by 100; drawn with strokes, so that it reads at any size. */
const SHAPES: Readonly<Record<string, string>> = {
  boots: '<path d="M22 30v30c0 6 4 8 10 8h44c4 0 4-10-4-13L50 47V30zM22 60h56"/>',
  handbags: '<path d="M25 42h50l5 40H20zM38 42V32a12 12 0 0 1 24 0v10"/>',
  skincare: '<path d="M38 40h24v42H38zM44 40V30h12v10M50 30v-8h12"/>',
  makeup: '<path d="M40 52h20v32H40zM43 52V34l14-12v30"/>',
  cookware: '<circle cx="42" cy="50" r="24"/><path d="M64 42l24-14"/>',
  decor: '<path d="M40 20h20c-2 14 14 22 14 38S62 84 50 84 26 74 26 58s16-24 14-38z"/>',
  chargers: '<rect x="33" y="16" width="34" height="68" rx="7"/><path d="M44 24h12"/>',
  headphones:
    '<path d="M22 58V50a28 28 0 0 1 56 0v8"/><rect x="16" y="56" width="14" height="24" rx="6"/><rect x="70" y="56" width="14" height="24" rx="6"/>',
  'building-sets':
    '<rect x="20" y="52" width="28" height="28"/><rect x="52" y="52" width="28" height="28"/><path d="M50 20l16 28H34z"/>',
  fitness: '<path d="M30 50h40M22 34v32M30 30v40M70 30v40M78 34v32"/>',
};

/** A stable number from 0 to below `range` for a text (FNV-1a), so that a picture is always drawn alike. */
function hashOf(text: string, range: number): number {
  let hash = 0x811c9dc5;
  for (const character of text)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) % range;
}

const png = (svg: string, px: number): Buffer =>
  new Resvg(svg, { fitTo: { mode: 'width', value: px }, font: { loadSystemFonts: false } })
    .render()
    .asPng();

/** A product's picture: its category's shape on a ground whose colours come from the product's id. */
export function drawProduct(category: string, productId: string, px: number): Buffer {
  const hue = hashOf(productId, 360);
  const angle = hashOf(`${productId}/angle`, 24) - 12;
  return png(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
      <rect width="100" height="100" fill="hsl(${hue}, 55%, 88%)"/>
      <circle cx="${20 + hashOf(`${productId}/x`, 60)}" cy="${20 + hashOf(`${productId}/y`, 60)}" r="34" fill="hsl(${(hue + 40) % 360}, 60%, 78%)"/>
      <g transform="rotate(${angle} 50 50)" fill="hsl(${hue}, 50%, 97%)" stroke="hsl(${hue}, 45%, 28%)" stroke-width="3" stroke-linejoin="round" stroke-linecap="round">
        ${SHAPES[category] ?? '<circle cx="50" cy="50" r="24"/>'}
      </g>
    </svg>`,
    px,
  );
}

/** A person's picture: a symmetric pattern of five by five, as different as their handles. */
export function drawAvatar(handle: string, px: number): Buffer {
  const hue = hashOf(handle, 360);
  const cells = Array.from({ length: 15 }, (_, cell) => {
    if (hashOf(`${handle}/${cell}`, 2) === 0) return '';
    const [column, row] = [cell % 3, Math.floor(cell / 3)];
    const at = (x: number) => `<rect x="${x * 20}" y="${row * 20}" width="20" height="20"/>`;
    return at(column) + at(4 - column);
  });
  return png(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -10 120 120" shape-rendering="crispEdges">
      <rect x="-10" y="-10" width="120" height="120" fill="hsl(${hue}, 40%, 94%)"/>
      <g fill="hsl(${hue}, 55%, 45%)">${cells.join('')}</g>
    </svg>`,
    px,
  );
}
