import { hasControlCharacters, lengthOf } from '@vitrine/kernel/text';

/** A broken rule of an input, with the path from `input` on. */
export interface InputProblem {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

type Path = InputProblem['path'];

/** In user-perceived characters, without white space around. */
export interface LengthRule {
  readonly shortest: number;
  readonly longest: number;
}

const LONGEST_EMAIL = 254;
/** Printable ASCII. */
const KEY = /^[\x20-\x7e]{1,128}$/;
/** Code units a character may have before it counts as abuse: a family emoji has 11. */
const UNITS_PER_CHARACTER = 20;

/** What a text of several lines breaks of its rule. */
export function textProblems(
  text: string,
  path: Path,
  { shortest, longest }: LengthRule,
): InputProblem[] {
  const trimmed = text.trim();
  // Code units first: counting the characters of a megabyte of text is work for nothing.
  const length =
    trimmed.length > longest * UNITS_PER_CHARACTER ? trimmed.length : lengthOf(trimmed);
  const problems: InputProblem[] = [];
  if (length < shortest) {
    problems.push({ code: 'TOO_SHORT', message: `Write at least ${shortest} characters.`, path });
  }
  if (length > longest) {
    problems.push({ code: 'TOO_LONG', message: `Write at most ${longest} characters.`, path });
  }
  if (hasControlCharacters(text)) {
    problems.push({ code: 'MALFORMED', message: 'Use visible characters only.', path });
  }
  return problems;
}

/** What a text of one line breaks of its rule. */
export const lineProblems = (text: string, path: Path, rule: LengthRule): InputProblem[] => [
  ...textProblems(text, path, rule),
  ...(/[\t\n]/.test(text)
    ? [{ code: 'SEVERAL_LINES', message: 'Write it on one line.', path }]
    : []),
];

export function emailProblems(email: string, path: Path): InputProblem[] {
  const isEmail =
    email.length <= LONGEST_EMAIL &&
    /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(email.trim()) &&
    !hasControlCharacters(email);
  return isEmail
    ? []
    : [
        {
          code: 'EMAIL_MALFORMED',
          message: 'An e-mail address looks like `ann@example.com`.',
          path,
        },
      ];
}

export const keyProblems = (idempotencyKey: string): InputProblem[] =>
  KEY.test(idempotencyKey)
    ? []
    : [
        {
          code: 'IDEMPOTENCY_KEY_MALFORMED',
          message: 'A key is 1 to 128 printable ASCII characters.',
          path: ['idempotencyKey'],
        },
      ];
