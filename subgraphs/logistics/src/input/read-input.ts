import { hasControlCharacters, lengthOf } from '@vitrine/kernel/text';

/** A broken rule of an input, with the path from `input` on. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** A field as kept, and what is wrong with it. */
export interface ReadText {
  /** Trimmed; null where it is blank. */
  readonly text: string | null;
  readonly problems: readonly Problem[];
}

export interface TextRule {
  readonly path: readonly (string | number)[];
  /** In user-perceived characters. */
  readonly min: number;
  readonly max: number;
}

/** UTF-16 units one user-perceived character rarely exceeds; longer texts are not worth segmenting. */
const UNITS_PER_CHARACTER = 40;

export function readText(value: string | null | undefined, { path, min, max }: TextRule): ReadText {
  const text = value?.trim() ?? '';
  const name = path.at(-1);
  const length = text.length > max * UNITS_PER_CHARACTER ? text.length : lengthOf(text);
  const problems: Problem[] = [];
  if (length < min || length > max) {
    problems.push({
      code: length < min ? 'TEXT_TOO_SHORT' : 'TEXT_TOO_LONG',
      message: `${name} has ${min} to ${max} characters; this has ${length}.`,
      path,
    });
  }
  if (hasControlCharacters(text)) {
    problems.push({
      code: 'CONTROL_CHARACTERS',
      message: `${name} holds characters that cannot be shown.`,
      path,
    });
  }
  return { text: text === '' ? null : text, problems };
}

/** What is wrong with an idempotency key. */
export const keyProblems = (idempotencyKey: string): readonly Problem[] =>
  /^[\x21-\x7e]{1,100}$/.test(idempotencyKey)
    ? []
    : [
        {
          code: 'IDEMPOTENCY_KEY_FORMAT',
          message: 'idempotencyKey has 1 to 100 visible ASCII characters.',
          path: ['idempotencyKey'],
        },
      ];
