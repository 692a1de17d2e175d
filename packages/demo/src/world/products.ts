import { exponentOf } from '@vitrine/kernel/currency';
import type { NewId } from '@vitrine/kernel/id';
import type { Random } from './random.ts';
import type { DemoShop } from './shops.ts';
import { type DemoCategory, inLanguage, texts } from './texts.ts';

export interface DemoVariant {
  readonly variantId: string;
  readonly sku: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly weightGrams: number;
  readonly dimensionsMm: {
    readonly length: number;
    readonly width: number;
    readonly height: number;
  };
  readonly prices: readonly {
    readonly market: string;
    readonly minor: bigint;
    readonly currencyCode: string;
  }[];
}

export interface DemoProduct {
  readonly productId: string;
  readonly shopId: string;
  readonly market: string;
  readonly titles: Readonly<Record<string, string>>;
  readonly descriptions: Readonly<Record<string, string>>;
  readonly defaultLanguage: string;
  readonly category: string;
  readonly images: readonly {
    readonly url: string;
    readonly width: number;
    readonly height: number;
    readonly alt: string;
  }[];
  readonly variants: readonly DemoVariant[];
  readonly publishedAt: Date;
}

/** Side of a drawn picture in pixels; listings ask for at least 300. */
export const PICTURE_PX = 400;

/** `perShop` products for each shop, walking through categories and product types so that none dominates. */
export function makeProducts(
  shops: readonly DemoShop[],
  perShop: number,
  {
    newId,
    random,
    pictureOf,
    publishedAt,
  }: {
    readonly newId: NewId;
    readonly random: Random;
    readonly pictureOf: (category: string, productId: string) => string;
    readonly publishedAt: Date;
  },
): DemoProduct[] {
  return shops.flatMap((shop, shopIndex) =>
    Array.from({ length: perShop }, (_, index) => {
      const serial = shopIndex * perShop + index;
      const category = texts.categories[(shopIndex * 3 + index) % texts.categories.length];
      if (!category) throw new Error('the demo has categories');
      const type =
        category.types[Math.floor(serial / texts.categories.length) % category.types.length];
      if (!type) throw new Error(`${category.category} has product types`);
      const style = random.pick(texts.styles);
      const brand = random.pick(texts.brands);
      const productId = newId('prd');
      const titleIn = (language: string) =>
        `${inLanguage(type, language)} ${brand} ${100 + serial}, ${inLanguage(style, language)}`;
      const languages = [...new Set([shop.language, 'en'])];
      const titles = Object.fromEntries(languages.map((language) => [language, titleIn(language)]));
      const descriptions = Object.fromEntries(
        languages.map((language) => [
          language,
          inLanguage(texts.descriptions, language).replace('{title}', titleIn(language)),
        ]),
      );
      return {
        productId,
        shopId: shop.shopId,
        market: shop.market,
        titles,
        descriptions,
        defaultLanguage: shop.language,
        category: category.category,
        images: [
          {
            url: pictureOf(category.category, productId),
            width: PICTURE_PX,
            height: PICTURE_PX,
            alt: titleIn(shop.language),
          },
        ],
        variants: makeVariants(category, shop, serial, { newId, random }),
        publishedAt: new Date(publishedAt.getTime() + serial * 60_000),
      };
    }),
  );
}

function makeVariants(
  category: DemoCategory,
  shop: DemoShop,
  serial: number,
  { newId, random }: { readonly newId: NewId; readonly random: Random },
): DemoVariant[] {
  const attribute = texts.attributes[category.attribute];
  const name = inLanguage(attribute.name, shop.language);
  const values = random.sample(attribute.values, random.between(1, 2));
  const euros = random.between(category.priceEur[0] * 100, category.priceEur[1] * 100);
  const price = priceIn(shop, euros);
  const weightGrams = random.between(category.grams[0], category.grams[1]);
  return values.map((value, index) => ({
    variantId: newId('var'),
    sku: `${shop.market}-${100 + serial}-${index + 1}`,
    attributes: { [name]: value },
    weightGrams,
    dimensionsMm: { length: 200, width: 150, height: 80 },
    prices: [{ market: shop.market, minor: price, currencyCode: shop.currencyCode }],
  }));
}

/** A price as shops write them: 12.99, Rp 89.900, R$ 64,90. */
function priceIn(shop: DemoShop, euroCents: number): bigint {
  const market = texts.markets[shop.market];
  if (!market) throw new Error(`the demo has no market ${shop.market}`);
  const scale = 10 ** (exponentOf(shop.currencyCode) - 2);
  const minor = Math.round(euroCents * Number(market.perEur) * scale);
  const rounded = Math.ceil(minor / market.roundTo) * market.roundTo - market.ending;
  return BigInt(rounded);
}
