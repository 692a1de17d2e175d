/** A refusal as every `UserError` shows it; `__typename` picks the member of the payload's union. */
export interface UserErrorValue<TypeName extends string = string> {
  readonly __typename: TypeName;
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[] | null;
  readonly retryable: boolean;
}

/** A rule of the input that is broken, with the path from `input` on, such as `['lines', 0, 'quantity']`. */
export interface InputProblem {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

const fromInput = (path: readonly (string | number)[]): string[] => ['input', ...path.map(String)];

export const invalidInput = ({
  code,
  message,
  path,
}: InputProblem): UserErrorValue<'InvalidInputError'> => ({
  __typename: 'InvalidInputError',
  code,
  message,
  path: fromInput(path),
  retryable: false,
});

export const notFound = (
  what: string,
  path: readonly (string | number)[],
): UserErrorValue<'NotFoundError'> => ({
  __typename: 'NotFoundError',
  code: 'NOT_FOUND',
  message: `${what} does not exist.`,
  path: fromInput(path),
  retryable: false,
});

export const idempotencyError = (
  code: 'IDEMPOTENCY_KEY_REUSED' | 'IN_PROGRESS',
): UserErrorValue<'IdempotencyError'> => ({
  __typename: 'IdempotencyError',
  code,
  message:
    code === 'IN_PROGRESS'
      ? 'The first call with this key is still running; ask again with the same key.'
      : 'This key was used with another input; make a new key per intent.',
  path: fromInput(['idempotencyKey']),
  retryable: code === 'IN_PROGRESS',
});
