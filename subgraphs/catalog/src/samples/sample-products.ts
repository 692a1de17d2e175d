import type { ContentInput } from '../editing/product-input.ts';

export interface Sample {
  /** The same in every shop: it is part of the SKU, the picture's file and the creation's key. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly price: string;
  readonly weightGrams: number;
  /** One variant each; none for a product without a choice. */
  readonly colours: readonly string[];
}

/** What stands in a new test shop: one thing without a choice, one with, and one that is dear. */
export const samples: readonly Sample[] = [
  {
    name: 'mug',
    title: 'Sample mug',
    description: 'To try an order with. Nothing is sent.',
    category: 'tableware',
    price: '4.50',
    weightGrams: 350,
    colours: [],
  },
  {
    name: 'shirt',
    title: 'Sample shirt',
    description: 'Comes in two colours, so that there is a variant to choose.',
    category: 'shirts',
    price: '19.90',
    weightGrams: 220,
    colours: ['Red', 'Blue'],
  },
  {
    name: 'jacket',
    title: 'Sample jacket',
    description: 'Weighs over a kilogram, so that shipping costs more.',
    category: 'jackets',
    price: '149.00',
    weightGrams: 1_400,
    colours: [],
  },
];

export const PICTURE_PX = 800;

/** A plain picture, drawn rather than kept as a file: it says what it is. */
export const pictureOf = ({ title }: Sample, hue: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${PICTURE_PX}" height="${PICTURE_PX}" viewBox="0 0 100 100">` +
  `<rect width="100" height="100" fill="hsl(${hue}, 55%, 88%)"/>` +
  `<text x="50" y="53" font-family="sans-serif" font-size="10" text-anchor="middle" fill="hsl(${hue}, 45%, 28%)">${title}</text>` +
  '</svg>';

/** The content of a sample, as a seller would write it for a market. */
export function contentOf(
  { name, title, description, category, price, weightGrams, colours }: Sample,
  {
    market,
    currencyCode,
    imageUrl,
  }: { readonly market: string; readonly currencyCode: string; readonly imageUrl: string },
): ContentInput {
  const variant = (colour: string | null) => ({
    sku: ['SAMPLE', name, colour]
      .filter((part) => part !== null)
      .join('-')
      .toUpperCase(),
    attributes: colour === null ? [] : [{ name: 'Colour', value: colour }],
    weightGrams,
    dimensions: { lengthMillimetres: 300, widthMillimetres: 200, heightMillimetres: 60 },
    prices: [{ market, price: { amount: price, currencyCode } }],
  });
  return {
    defaultLanguage: 'en',
    texts: [{ language: 'en', title, description }],
    category,
    images: [{ url: imageUrl, width: PICTURE_PX, height: PICTURE_PX, alt: title }],
    variants: colours.length === 0 ? [variant(null)] : colours.map(variant),
  };
}
