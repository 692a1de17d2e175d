import { hasControlCharacters, lengthOf } from '@vitrine/kernel/text';

/** A broken rule of an input, with the path from `input` on. */
export interface InputProblem {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
}

export interface SignUpInput {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  readonly handle?: string | null | undefined;
  readonly market?: string | null | undefined;
  readonly language?: string | null | undefined;
}

const LONGEST_EMAIL = 254;
const SHORTEST_PASSWORD = 8;
export const LONGEST_PASSWORD = 128;
const LONGEST_NAME = 50;
const LONGEST_URL = 2_000;
/** What RFC 5646 asks software to have room for. */
const LONGEST_LANGUAGE = 35;

/**
 * One spelling per mailbox, so that a unique index can tell accounts apart. Case is dropped in the
 * local part too: no mail provider of note tells `Ann@` from `ann@`, and people mistype it.
 */
export const normalisedEmail = (email: string): string =>
  email.trim().normalize('NFKC').toLowerCase();

export const normalisedHandle = (handle: string): string => handle.trim().toLowerCase();

/** The same characters however a keyboard composes them; nothing is trimmed from a password. */
export const normalisedPassword = (password: string): string => password.normalize('NFKC');

const isEmail = (email: string): boolean =>
  email.length <= LONGEST_EMAIL &&
  /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(email) &&
  !hasControlCharacters(email);

const isHandle = (handle: string): boolean => /^[a-z0-9][a-z0-9._]{1,28}[a-z0-9]$/.test(handle);

const rule = (
  isBroken: boolean,
  code: string,
  field: string,
  message: string,
): readonly InputProblem[] => (isBroken ? [{ code, message, path: [field] }] : []);

export const displayNameProblems = (name: string): readonly InputProblem[] => [
  ...rule(name.trim() === '', 'NAME_EMPTY', 'displayName', 'A name is needed.'),
  ...rule(
    // Code units first: counting the characters of a megabyte of text is work for nothing.
    name.length > 1_000 || lengthOf(name.trim()) > LONGEST_NAME,
    'NAME_TOO_LONG',
    'displayName',
    `A name has at most ${LONGEST_NAME} characters.`,
  ),
  ...rule(
    /[\t\n]/.test(name) || hasControlCharacters(name),
    'NAME_MALFORMED',
    'displayName',
    'A name is one line of visible characters.',
  ),
];

export const emailProblems = (email: string): readonly InputProblem[] =>
  rule(
    !isEmail(normalisedEmail(email)),
    'EMAIL_MALFORMED',
    'email',
    'An e-mail address looks like `ann@example.com`.',
  );

/** The rules of a password that is to be set. `field` names it in the input. */
export function passwordProblems(password: string, field = 'password'): readonly InputProblem[] {
  // Code units first: normalising a megabyte of text is work for nothing.
  const isLong = password.length > 2_000 || normalisedPassword(password).length > LONGEST_PASSWORD;
  return [
    ...rule(
      !isLong && normalisedPassword(password).length < SHORTEST_PASSWORD,
      'PASSWORD_TOO_SHORT',
      field,
      `A password has at least ${SHORTEST_PASSWORD} characters.`,
    ),
    ...rule(
      isLong,
      'PASSWORD_TOO_LONG',
      field,
      `A password has at most ${LONGEST_PASSWORD} characters.`,
    ),
  ];
}

/** Every rule a sign-up breaks. `isMarket` tells where the platform trades. */
export function signUpProblems(
  input: SignUpInput,
  isMarket: (code: string) => boolean,
): readonly InputProblem[] {
  const { password, handle, market, language } = input;
  return [
    ...emailProblems(input.email),
    ...passwordProblems(password),
    ...displayNameProblems(input.displayName),
    ...rule(
      handle != null && !isHandle(normalisedHandle(handle)),
      'HANDLE_MALFORMED',
      'handle',
      'A handle has 3 to 30 letters, digits, dots and underscores, with a letter or digit at both ends.',
    ),
    ...rule(
      market != null && !isMarket(market),
      'UNKNOWN_MARKET',
      'market',
      'The platform does not trade in this market.',
    ),
    ...rule(
      language != null && language.length > LONGEST_LANGUAGE,
      'LANGUAGE_TOO_LONG',
      'language',
      `A language tag has at most ${LONGEST_LANGUAGE} characters.`,
    ),
  ];
}

/** Every rule a change of the public side breaks; what is undefined is left as it is. */
export const profileProblems = ({
  displayName,
  avatarUrl,
}: {
  readonly displayName?: string | undefined;
  readonly avatarUrl?: string | null | undefined;
}): readonly InputProblem[] => [
  ...(displayName === undefined ? [] : displayNameProblems(displayName)),
  ...rule(
    avatarUrl != null && avatarUrl.length > LONGEST_URL,
    'URL_TOO_LONG',
    'avatarUrl',
    `An address has at most ${LONGEST_URL} characters.`,
  ),
  ...(displayName === undefined && avatarUrl === undefined
    ? [{ code: 'NOTHING_TO_CHANGE', message: 'Say what is to change.', path: [] }]
    : []),
];
