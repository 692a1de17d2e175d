import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Longer language tags name nothing that is spoken (RFC 5646, 4.4.1). */
export const LONGEST_LANGUAGE_TAG = 35;
/** Nobody reads more; every text shown is looked up by each. */
const MOST_LANGUAGES = 10;

/** Languages of an `Accept-Language` header, most wanted first, ten at most; `*` and malformed parts are left out. */
export function languagesOf(header: string | undefined): readonly string[] {
  if (!header) return [];
  return header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((p) => /^\s*q=([\d.]+)$/.exec(p)?.[1]).find(Boolean);
      return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => isLanguageTag(tag) && quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
    .slice(0, MOST_LANGUAGES);
}

const isLanguageTag = (tag: string): boolean =>
  tag.length <= LONGEST_LANGUAGE_TAG && /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(tag);

/** The caller's `x-request-id` where it is a sane one, else a new id. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}
