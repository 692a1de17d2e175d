import { type Money, type MoneyRefusal, parseMoney } from '@vitrine/kernel/money';
import { hasControlCharacters, lengthOf } from '@vitrine/kernel/text';
import { priceProblems } from '../listing-rules/price-rules.ts';
import { type Problem, problem } from '../listing-rules/problem.ts';
import { skuProblems } from '../listing-rules/variant-rules.ts';
import type {
  ProductContent,
  ProductImage,
  ProductText,
  Variant,
  VariantAttribute,
  VariantPrice,
} from '../products/product.ts';

interface MoneyInput {
  readonly amount: string;
  readonly currencyCode: string;
}

interface PriceInput {
  readonly market: string;
  readonly price: MoneyInput;
  readonly strikethroughPrice?: MoneyInput | null | undefined;
}

interface VariantInput {
  readonly id?: string | null | undefined;
  readonly sku: string;
  readonly attributes?: readonly VariantAttribute[] | undefined;
  readonly weightGrams?: number | null | undefined;
  readonly dimensions?:
    | {
        readonly lengthMillimetres: number;
        readonly widthMillimetres: number;
        readonly heightMillimetres: number;
      }
    | null
    | undefined;
  readonly prices?: readonly PriceInput[] | undefined;
}

interface ImageInput {
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly alt?: string | null | undefined;
}

interface TextInput {
  readonly language: string;
  readonly title: string;
  readonly description?: string | undefined;
}

/** Content as a client sends it. What is null or left out of an edit stays as it is. */
export interface ContentInput {
  readonly defaultLanguage?: string | null | undefined;
  readonly texts?: readonly TextInput[] | null | undefined;
  readonly category?: string | null | undefined;
  readonly images?: readonly ImageInput[] | null | undefined;
  readonly variants?: readonly VariantInput[] | null | undefined;
}

/** A variant without an id is new. */
export type VariantDraft = Omit<Variant, 'id' | 'productId'> & { readonly id: string | null };
export type ContentDraft = Omit<ProductContent, 'variants'> & {
  readonly variants: readonly VariantDraft[];
};

/** What reading needs to know of the platform. */
export interface InputRules {
  /** Throws for an unknown market: those are refused before. */
  readonly currencyOf: (market: string) => string;
  readonly isCategory: (code: string) => boolean;
}

/**
 * Sizes that even a draft keeps, so that no input can make a product too large to store. Whatever
 * a market asks for is stricter and is checked when it matters.
 */
const BOUNDS = {
  languages: 20,
  title: 1_000,
  description: 10_000,
  images: 30,
  url: 2_000,
  alt: 200,
  variants: 300,
  attributes: 10,
  attributeText: 200,
  // Ten tonnes: a full cart of it still weighs a GraphQL `Int` of grams.
  weightGrams: 10_000_000,
  sideMillimetres: 100_000,
} as const;

/** Larger amounts could not be sorted exactly by every client, and nothing costs so much. */
const LARGEST_MINOR = BigInt(Number.MAX_SAFE_INTEGER);

/** In code units: a family emoji has eleven. */
const LONGEST_CHARACTER = 16;

type Path = readonly (string | number)[];
type Report = (code: string, message: string, path: Path) => void;

/** Counts characters only where their number is in doubt, so that a huge text costs nothing. */
const isLongerThan = (text: string, most: number): boolean =>
  text.length > most && (text.length > most * LONGEST_CHARACTER || lengthOf(text) > most);

function checkText(report: Report, text: string, longest: number, path: Path): void {
  if (isLongerThan(text, longest)) report('TEXT_TOO_LONG', `At most ${longest} characters.`, path);
  if (hasControlCharacters(text)) {
    report('CONTROL_CHARACTERS', 'Control characters are not allowed.', path);
  }
}

function checkCount(report: Report, items: readonly unknown[], most: number, path: Path): void {
  if (items.length > most) report('TOO_MANY_ITEMS', `At most ${most} items.`, path);
}

function readTexts(report: Report, texts: readonly TextInput[]): ProductText[] {
  checkCount(report, texts, BOUNDS.languages, ['texts']);
  const seen = new Set<string>();
  return texts.map(({ language, title, description = '' }, at) => {
    if (seen.has(language)) {
      report('LANGUAGE_REPEATED', `${language} is given twice.`, ['texts', at, 'language']);
    }
    seen.add(language);
    checkText(report, title, BOUNDS.title, ['texts', at, 'title']);
    checkText(report, description, BOUNDS.description, ['texts', at, 'description']);
    return {
      language,
      title: title.normalize('NFC').trim(),
      description: description.normalize('NFC').trim(),
    };
  });
}

function readImages(report: Report, images: readonly ImageInput[]): ProductImage[] {
  checkCount(report, images, BOUNDS.images, ['images']);
  return images.map(({ url, width, height, alt = null }, at) => {
    checkText(report, url, BOUNDS.url, ['images', at, 'url']);
    if (alt !== null) checkText(report, alt, BOUNDS.alt, ['images', at, 'alt']);
    if (width < 1) report('NOT_POSITIVE', 'At least one pixel.', ['images', at, 'width']);
    if (height < 1) report('NOT_POSITIVE', 'At least one pixel.', ['images', at, 'height']);
    return { url, width, height, alt };
  });
}

const moneyMessages: Record<MoneyRefusal, string> = {
  MALFORMED_AMOUNT: 'An amount is a decimal number, such as "19.90".',
  NEGATIVE_AMOUNT: 'An amount is not negative.',
  TOO_PRECISE: 'The amount has more digits after the point than its currency.',
  AMOUNT_TOO_LARGE: 'The amount is too large.',
  UNKNOWN_CURRENCY: 'The currency is not one of ISO 4217.',
};

function readMoney(report: Report, { amount, currencyCode }: MoneyInput, path: Path): Money | null {
  const money = parseMoney(amount, currencyCode);
  if (money.ok && money.value.minor <= LARGEST_MINOR) return money.value;
  const code = money.ok ? 'AMOUNT_TOO_LARGE' : money.refusal;
  const part = code === 'UNKNOWN_CURRENCY' ? 'currencyCode' : 'amount';
  report(code, moneyMessages[code], [...path, part]);
  return null;
}

function readPrices(
  report: Report,
  prices: readonly PriceInput[],
  path: Path,
  { currencyOf }: InputRules,
): VariantPrice[] {
  const seen = new Set<string>();
  return prices.flatMap((input, at) => {
    const { market } = input;
    const own = [...path, at];
    if (seen.has(market)) report('MARKET_REPEATED', `${market} has a price already.`, own);
    seen.add(market);
    const price = readMoney(report, input.price, [...own, 'price']);
    const strikethrough = input.strikethroughPrice
      ? readMoney(report, input.strikethroughPrice, [...own, 'strikethroughPrice'])
      : null;
    if (!price) return [];
    const read = { market, price, strikethrough };
    for (const { code, message, path: at } of priceProblems(read, currencyOf(market), own)) {
      report(code, message, at);
    }
    return [read];
  });
}

function readVariant(
  report: Report,
  input: VariantInput,
  at: number,
  rules: InputRules,
): VariantDraft {
  const path = ['variants', at];
  const { id = null, sku, attributes = [], weightGrams = null, dimensions, prices = [] } = input;
  const within = (most: number, value: number, ...where: string[]) => {
    if (value < 1) report('NOT_POSITIVE', 'A whole number above zero.', [...path, ...where]);
    if (value > most) report('TOO_LARGE', `At most ${most}.`, [...path, ...where]);
  };
  if (weightGrams !== null) within(BOUNDS.weightGrams, weightGrams, 'weightGrams');
  for (const [side, value] of Object.entries(dimensions ?? {})) {
    within(BOUNDS.sideMillimetres, value, 'dimensions', side);
  }
  checkCount(report, attributes, BOUNDS.attributes, [...path, 'attributes']);
  attributes.forEach(({ name, value }, index) => {
    const own = [...path, 'attributes', index];
    checkText(report, name, BOUNDS.attributeText, [...own, 'name']);
    checkText(report, value, BOUNDS.attributeText, [...own, 'value']);
  });
  return {
    id,
    sku,
    attributes: attributes.map(({ name, value }) => ({ name: name.trim(), value: value.trim() })),
    weightGrams,
    dimensionsMm: dimensions
      ? {
          length: dimensions.lengthMillimetres,
          width: dimensions.widthMillimetres,
          height: dimensions.heightMillimetres,
        }
      : null,
    prices: readPrices(report, prices, [...path, 'prices'], rules),
  };
}

/**
 * Reads content with every problem of it at once. What has problems is read as well as it can be,
 * so that problems of the whole can be found in the same round; it is not for storing.
 */
export function readContent(
  input: ContentInput,
  rules: InputRules,
): { readonly content: Partial<ContentDraft>; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (code, message, path) => problems.push(problem(code, message, path));
  const { defaultLanguage, texts, category, images, variants } = input;
  if (category && !rules.isCategory(category)) {
    report('CATEGORY_UNKNOWN', `There is no category ${category}.`, ['category']);
  }
  if (variants) {
    checkCount(report, variants, BOUNDS.variants, ['variants']);
    problems.push(...skuProblems(variants));
  }
  const content = {
    ...(defaultLanguage ? { defaultLanguage } : {}),
    ...(texts ? { texts: readTexts(report, texts) } : {}),
    ...(category ? { category } : {}),
    ...(images ? { images: readImages(report, images) } : {}),
    ...(variants
      ? { variants: variants.map((variant, at) => readVariant(report, variant, at, rules)) }
      : {}),
  };
  return { content, problems };
}

/** What only the whole shows: the default language is written, and ids are this product's, once each. */
export function wholeProblems(
  { defaultLanguage, texts, variants }: ContentDraft,
  knownVariantIds: ReadonlySet<string>,
): Problem[] {
  const problems: Problem[] = [];
  const main = texts.find(({ language }) => language === defaultLanguage);
  if (!main) {
    const message = `There is no text in ${defaultLanguage}.`;
    problems.push(problem('DEFAULT_LANGUAGE_MISSING', message, ['defaultLanguage']));
  } else if (main.title === '') {
    const path = ['texts', texts.indexOf(main), 'title'];
    problems.push(problem('TITLE_BLANK', 'A product has a name in its default language.', path));
  }
  const seen = new Set<string>();
  variants.forEach(({ id }, at) => {
    if (id === null) return;
    const path = ['variants', at, 'id'];
    if (!knownVariantIds.has(id)) {
      problems.push(problem('VARIANT_UNKNOWN', 'The product has no variant with this id.', path));
    } else if (seen.has(id)) {
      problems.push(problem('VARIANT_REPEATED', 'Each variant is given once.', path));
    }
    seen.add(id);
  });
  return problems;
}
