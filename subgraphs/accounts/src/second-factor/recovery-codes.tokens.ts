import { readableTokens } from '../verification/proof.tokens.ts';

/** 80 bits: to be kept on paper, and not to be found from a stolen hash either. */
export const recoveryCodes = readableTokens({ groups: 4, groupLength: 4 });
