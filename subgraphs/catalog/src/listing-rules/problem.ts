/** A rule that a product or an input breaks. */
export interface Problem {
  /** Stable; one cause, one code. */
  readonly code: string;
  readonly message: string;
  /** Into the content as the seller writes it, such as `['texts', 0, 'title']`. */
  readonly path: readonly (string | number)[];
  /** The market whose rule it is; null for a rule that holds everywhere. */
  readonly market: string | null;
}

export const problem = (
  code: string,
  message: string,
  path: readonly (string | number)[],
  market: string | null = null,
): Problem => ({ code, message, path, market });
