import { hasControlCharacters, lengthOf } from '@vitrine/kernel/text';
import { bestFor } from '../localisation/language.ts';
import type { ProductContent, ProductText } from '../products/product.ts';
import type { MarketRule } from './market-rule.ts';
import { type Problem, problem } from './problem.ts';

/** In a row; ten are one too many. */
const MOST_REPEATS = 9;

// ©, ® and ™ are pictographs to Unicode and letters of brands to everybody else.
const EMOJI =
  /[\p{Extended_Pictographic}--[©®™]]|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u{20E3}/v;
/** A tag that opens, closes or declares, even unfinished; and entities. `a < b` is neither. */
const HTML = /<[/!]?[a-z]|<!--|&(?:[a-z]{2,31}|#\d{1,7}|#x[\da-f]{1,6});/i;

export const hasEmoji = (text: string): boolean => EMOJI.test(text);
export const hasHtml = (text: string): boolean => HTML.test(text);

/** Whether any user-perceived character stands more than nine times in a row. */
export function hasLongRun(text: string): boolean {
  let previous = '';
  let run = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    run = segment === previous ? run + 1 : 1;
    previous = segment;
    if (run > MOST_REPEATS) return true;
  }
  return false;
}

/** What holds for a title wherever it is shown. */
function titleProblems({ title }: ProductText, at: number): Problem[] {
  const path = ['texts', at, 'title'];
  const found: Problem[] = [];
  if (hasEmoji(title)) found.push(problem('TITLE_HAS_EMOJI', 'A title has no emoji.', path));
  if (hasControlCharacters(title) || /[\n\t]/.test(title)) {
    found.push(problem('TITLE_HAS_CONTROL_CHARACTERS', 'A title has no control characters.', path));
  }
  if (hasHtml(title)) found.push(problem('TITLE_HAS_HTML', 'A title is plain text.', path));
  if (hasLongRun(title)) {
    found.push(
      problem(
        'TITLE_REPEATS_CHARACTER',
        `A title repeats no character more than ${MOST_REPEATS} times in a row.`,
        path,
      ),
    );
  }
  return found;
}

function descriptionProblems({ description }: ProductText, at: number): Problem[] {
  const path = ['texts', at, 'description'];
  const found: Problem[] = [];
  if (hasControlCharacters(description)) {
    found.push(
      problem(
        'DESCRIPTION_HAS_CONTROL_CHARACTERS',
        'A description has no control characters.',
        path,
      ),
    );
  }
  if (hasHtml(description)) {
    found.push(problem('DESCRIPTION_HAS_HTML', 'A description is plain text.', path));
  }
  return found;
}

/**
 * The texts that buyers of a market are shown: those in its languages, or the product's default
 * where there is none. A short English title does not stand in the way of a Thai listing that has
 * a Thai one.
 */
function shownIn(
  { texts, defaultLanguage }: Pick<ProductContent, 'texts' | 'defaultLanguage'>,
  { languages }: MarketRule,
): ProductText[] {
  const languageOf = (text: ProductText) => text.language;
  const local = languages
    .map((language) => bestFor(texts, languageOf, [language]))
    .filter((text) => text !== null);
  if (local.length > 0) return [...new Set(local)];
  const fallback = bestFor(texts, languageOf, [defaultLanguage]);
  return fallback ? [fallback] : [];
}

function lengthProblems(content: ProductContent, rule: MarketRule): Problem[] {
  const { market, titleMinLength, titleMaxLength, descriptionMaxLength } = rule;
  return shownIn(content, rule).flatMap(({ title, description, language }) => {
    const at = content.texts.findIndex((text) => text.language === language);
    const found: Problem[] = [];
    const length = lengthOf(title.trim());
    const titlePath = ['texts', at, 'title'];
    if (length < titleMinLength) {
      const message = `In ${market} a title has at least ${titleMinLength} characters; this one has ${length}.`;
      found.push(problem('TITLE_TOO_SHORT', message, titlePath, market));
    }
    if (length > titleMaxLength) {
      const message = `In ${market} a title has at most ${titleMaxLength} characters; this one has ${length}.`;
      found.push(problem('TITLE_TOO_LONG', message, titlePath, market));
    }
    if (lengthOf(description) > descriptionMaxLength) {
      const message = `In ${market} a description has at most ${descriptionMaxLength} characters.`;
      found.push(problem('DESCRIPTION_TOO_LONG', message, ['texts', at, 'description'], market));
    }
    return found;
  });
}

export const textProblems = (content: ProductContent, rules: readonly MarketRule[]): Problem[] => [
  ...content.texts.flatMap((text, at) => [
    ...titleProblems(text, at),
    ...descriptionProblems(text, at),
  ]),
  ...rules.flatMap((rule) => lengthProblems(content, rule)),
];
