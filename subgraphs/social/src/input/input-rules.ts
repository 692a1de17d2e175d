import { hasControlCharacters, lengthOf } from '@vitrine/kernel/text';

/** A rule of the input that is broken. `path` leads from `input` on. */
export interface InputProblem {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/**
 * A person's character may be many code units (a family emoji has eleven). Beyond this many per
 * character allowed, text is too long whatever it is, and counting it would only cost time.
 */
const UNITS_PER_CHARACTER = 16;

const isLongerThan = (text: string, max: number): boolean =>
  text.length > max * UNITS_PER_CHARACTER || lengthOf(text) > max;

/** What is wrong with a text of 1 to `max` user-perceived characters; blanks at its ends do not count. */
export function textProblems(field: string, given: string, max: number): InputProblem[] {
  const text = given.trim();
  const name = field.toUpperCase();
  const path = [field];
  const problems: InputProblem[] = [];
  if (text === '') {
    problems.push({ code: `${name}_EMPTY`, message: 'Say something.', path });
  }
  if (isLongerThan(text, max)) {
    problems.push({ code: `${name}_TOO_LONG`, message: `At most ${max} characters.`, path });
  }
  if (hasControlCharacters(text)) {
    problems.push({
      code: `${name}_HAS_CONTROL_CHARACTERS`,
      message: 'Control characters are not allowed.',
      path,
    });
  }
  return problems;
}

/** What is wrong with a client's idempotency key. */
export const keyProblems = (key: string): InputProblem[] =>
  /^[\x21-\x7e]{1,64}$/.test(key)
    ? []
    : [
        {
          code: 'IDEMPOTENCY_KEY_INVALID',
          message: 'A key is 1 to 64 printable ASCII characters without blanks.',
          path: ['idempotencyKey'],
        },
      ];

/** What is wrong with a list of 0 to `max` product ids, each wanted once. */
export function productListProblems(
  productIds: readonly string[],
  { min, max }: { readonly min: number; readonly max: number },
): InputProblem[] {
  const path = ['productIds'];
  const problems: InputProblem[] = [];
  if (productIds.length < min) {
    problems.push({ code: 'TOO_FEW_PRODUCTS', message: `At least ${min}.`, path });
  }
  if (productIds.length > max) {
    problems.push({ code: 'TOO_MANY_PRODUCTS', message: `At most ${max}.`, path });
  }
  productIds.slice(0, max).forEach((id, at) => {
    if (productIds.indexOf(id) !== at) {
      problems.push({
        code: 'DUPLICATE_PRODUCT',
        message: 'Each product once.',
        path: [...path, at],
      });
    }
  });
  return problems;
}
