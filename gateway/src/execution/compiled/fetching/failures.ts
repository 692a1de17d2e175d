import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { SubgraphAnswer } from '../../source.ts';
import type { Run } from '../run.ts';
import type { Place } from './entities.ts';

/** Where an error of an answer belongs in the answer to the client; several for a shared entity. */
export type PlacesOf = (path: Place | undefined) => readonly (Place | undefined)[];

export function report(
  run: Run,
  serviceName: string,
  errors: NonNullable<SubgraphAnswer['errors']>,
  placesOf: PlacesOf,
): void {
  for (const error of errors) {
    for (const place of placesOf(error.path)) run.errors.push(failure(error, serviceName, place));
  }
}

/**
 * A subgraph may have passed on another's error (an event, a node found by its home): then the name
 * is that of the other.
 */
const failure = (
  { message, extensions }: GraphQLFormattedError,
  serviceName: string,
  place: Place | undefined,
): GraphQLError =>
  new GraphQLError(message || `Error while fetching from "${serviceName}"`, {
    path: place ?? null,
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', serviceName, ...extensions },
  });

/** A refusal of our own, or what must not happen: shown as an internal error, and logged with its cause. */
export const fault = (run: Run, error: unknown): void => {
  if (error instanceof GraphQLError) {
    run.errors.push(error);
    return;
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  run.errors.push(new GraphQLError(cause.message, { originalError: cause }));
};
