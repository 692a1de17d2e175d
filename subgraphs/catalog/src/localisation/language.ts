/**
 * The item that suits a reader best (lookup of RFC 4647, with the other regions of a language as a
 * last resort): for each wanted tag in turn, the tag itself, then its shorter forms (`de-AT`, `de`),
 * then any tag of the same language (`pt` finds `pt-BR`). Null when nothing fits.
 */
export function bestFor<Item>(
  items: readonly Item[],
  languageOf: (item: Item) => string,
  wanted: readonly string[],
): Item | null {
  const tagged = items.map((item) => ({ item, tag: languageOf(item).toLowerCase() }));
  for (const want of wanted) {
    const parts = want.toLowerCase().split('-');
    for (let length = parts.length; length > 0; length -= 1) {
      const exact = tagged.find(({ tag }) => tag === parts.slice(0, length).join('-'));
      if (exact) return exact.item;
    }
    const related = tagged.find(({ tag }) => tag.split('-')[0] === parts[0]);
    if (related) return related.item;
  }
  return null;
}
