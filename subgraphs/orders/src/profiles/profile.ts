/**
 * A buyer as strangers may see them, such as `A***n`: the first and the last letter, with a fixed
 * number of stars between them so that not even the length shows. `***` for a nameless buyer.
 */
export function aliasOf(displayName: string | null): string {
  const letters = [...new Intl.Segmenter().segment(displayName?.trim() ?? '')].map(
    ({ segment }) => segment,
  );
  const [first = ''] = letters;
  // A name of two letters would be told in full.
  const last = letters.length > 2 ? (letters.at(-1) ?? '') : '';
  return `${first}***${last}`;
}

/** What orders know of people: the name that an alias is made of. */
export interface Profiles {
  displayNameOf(userId: string): Promise<string | null>;
}
