/** A listing's own words are cut here; the rest of a text repeats them. */
const MOST_KEYWORDS = 200;
const LONGEST_KEYWORD = 60;

/**
 * The distinct words of texts, folded for comparing: Unicode-compatible forms united, lower case.
 * Words are found by dictionary in languages that put no spaces between them (Thai, Japanese,
 * Chinese), by the same rules for what is listed and for what is searched.
 */
export function keywordsOf(texts: readonly string[]): string[] {
  const words = new Set<string>();
  const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
  for (const text of texts) {
    for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC').toLowerCase())) {
      if (isWordLike && segment.length <= LONGEST_KEYWORD) words.add(segment);
      if (words.size === MOST_KEYWORDS) return [...words];
    }
  }
  return [...words];
}
