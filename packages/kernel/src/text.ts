/**
 * Code points a person cannot see and a page may choke on: C0 and C1 controls but tab and line
 * feed, and the bidirectional overrides that make text read differently from what it says.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/u;

export const hasControlCharacters = (text: string): boolean => CONTROL.test(text);

/** Length as a person counts it: user-perceived characters, so a flag or a family emoji is one. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of new Intl.Segmenter().segment(text)) length += 1;
  return length;
}
