import { createHash, randomInt } from 'node:crypto';
import type { MailedTokens } from './proof.ts';

/** Crockford's: without I, L, O and U, which are taken for other signs or make words. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Random tokens of five bits a sign, in groups, for people to read and type. */
export function readableTokens({
  groups,
  groupLength,
}: {
  readonly groups: number;
  readonly groupLength: number;
}): MailedTokens {
  const length = groups * groupLength;
  const group = () =>
    Array.from({ length: groupLength }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return {
    mint() {
      const all = Array.from({ length: groups }, group);
      return { token: all.join('-'), tokenHash: sha256(all.join('')) };
    },
    hashOf(text) {
      if (text.length > 4 * length) return null;
      const signs = text
        .toUpperCase()
        .replaceAll(/[\s-]/g, '')
        .replaceAll('O', '0')
        .replaceAll(/[IL]/g, '1');
      const isToken =
        signs.length === length && [...signs].every((sign) => ALPHABET.includes(sign));
      return isToken ? sha256(signs) : null;
    },
  };
}

/** 100 bits: short enough to be typed from another device, far beyond guessing, so a plain hash does. */
export const mailedTokens = readableTokens({ groups: 4, groupLength: 5 });
