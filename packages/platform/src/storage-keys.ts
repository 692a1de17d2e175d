const LONGEST_KEY = 512;
const SEGMENT = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

/**
 * The key, where all its segments are plain: no `..`, no hidden file, nothing absolute or escaped.
 * Keys are made by code, so another one is a bug and throws.
 */
export function checkedKey(key: string): string {
  const isPlain =
    key.length <= LONGEST_KEY && key.split('/').every((segment) => SEGMENT.test(segment));
  if (!isPlain) throw new Error(`"${key.slice(0, 80)}" is no key of a stored file`);
  return key;
}

/** The address of a key below another address, whether or not that ends in a slash. */
export const addressOf = (base: string, key: string): string =>
  `${base.replace(/\/+$/, '')}/${checkedKey(key)}`;
