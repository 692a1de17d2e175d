import type { GraphResponse } from '@vitrine/graph-client/graph-client';

/**
 * What somebody gets who asks. `ALLOWED`: no right was missing; that the business refuses it is no
 * matter here. `NOT_FOUND`: a refusal that says no more than that there is no such thing. `NULL`: the
 * field is null without an error, by which a guest and a stranger learn nothing.
 */
export type Answer =
  | 'ALLOWED'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'SECOND_FACTOR_REQUIRED'
  | 'MISSING_SCOPE'
  | 'NOT_FOUND'
  | 'NULL';

type Response = Pick<GraphResponse, 'data' | 'errors'>;

const REFUSALS: readonly string[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'SECOND_FACTOR_REQUIRED',
  'MISSING_SCOPE',
  'NOT_FOUND',
];

/**
 * How a response reads, for the value at `path` of its data. Of refusals as data only one about the
 * thing that the input `names` counts: that something else is missing is no matter of rights. What is
 * unforeseen is told as it is.
 */
export function answerOf(
  { data, errors }: Response,
  { path, names }: { readonly path: readonly string[]; readonly names?: string | undefined },
): string {
  const codes = errors.map(({ extensions }) => extensions?.code ?? 'NO_CODE');
  const refusal = codes.find((code) => REFUSALS.includes(code));
  if (refusal) return refusal;
  if (codes.length > 0) return `ERROR ${codes.join(' ')}: ${errors[0]?.message}`;
  // biome-ignore lint/suspicious/noExplicitAny: the data of any operation
  const value = path.reduce<any>((parent, key) => parent?.[key], data);
  const refusals: readonly { readonly code: string; readonly path: readonly string[] | null }[] =
    value?.userErrors ?? [];
  const isMissing = refusals.some(
    ({ code, path: at }) => code === 'NOT_FOUND' && at?.at(-1) === names,
  );
  if (isMissing) return 'NOT_FOUND';
  return value === null || value === undefined ? 'NULL' : 'ALLOWED';
}

/** A response without what differs from request to request, for telling whether two are alike. */
export const comparable = ({ data, errors }: Response, ids: readonly string[]): string =>
  ids.reduce(
    (text, id) => text.replaceAll(id, '<id>'),
    JSON.stringify({
      data,
      errors: errors.map(({ message, path, extensions: { requestId: _, ...extensions } = {} }) => ({
        message,
        path,
        extensions,
      })),
    }),
  );
