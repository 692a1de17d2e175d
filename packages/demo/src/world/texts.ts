import { readFileSync } from 'node:fs';
import { z } from 'zod';

const byLanguage = z.record(z.string(), z.string());
const range = z.tuple([z.number(), z.number()]);

const schema = z.object({
  categories: z.array(
    z.object({
      category: z.string(),
      priceEur: range,
      grams: range,
      attribute: z.enum(['size', 'colour', 'volume', 'shade']),
      types: z.array(byLanguage),
    }),
  ),
  styles: z.array(byLanguage),
  descriptions: byLanguage,
  attributes: z.record(
    z.enum(['size', 'colour', 'volume', 'shade']),
    z.object({ name: byLanguage, values: z.array(z.string()) }),
  ),
  markets: z.record(
    z.string(),
    z.object({
      language: z.string(),
      /** Units of the market's currency for one euro, for plausible prices only. */
      perEur: z.string(),
      shops: z.array(z.string()),
      /** Prices are rounded up to this many minor units, less `ending`. */
      roundTo: z.int(),
      ending: z.int(),
    }),
  ),
  brands: z.array(z.string()),
  people: z.array(z.string()),
  surnames: z.array(z.string()),
  roomTitles: z.record(z.string(), z.array(z.string())),
  chat: z.record(z.string(), z.array(z.string())),
});

/** The demo world's words, written for it: names, titles and chat in the languages of its markets. */
export const texts = schema.parse(
  JSON.parse(readFileSync(new URL('../../data/texts.json', import.meta.url), 'utf8')),
);

export type DemoCategory = (typeof texts)['categories'][number];

/** The text in a language; every text of the demo has all languages of its markets. */
export function inLanguage(text: Readonly<Record<string, string>>, language: string): string {
  const found = text[language];
  if (found === undefined) throw new Error(`the demo has no ${language} for ${text['en']}`);
  return found;
}
