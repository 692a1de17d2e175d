import { GraphQLError } from 'graphql';
import type { Lack } from './requirements.ts';

/** What is told to who lacks something: the same at the gateway and where the data is. */
export function refusalOf(lack: Lack): GraphQLError {
  switch (lack.kind) {
    case 'SIGN_IN':
      return refusal('UNAUTHENTICATED', 'Sign in to do this.');
    case 'POLICY':
      return refusal('FORBIDDEN', 'You may not do this.');
    case 'SECOND_FACTOR':
      return refusal('SECOND_FACTOR_REQUIRED', 'Sign in with a one-time password to do this.');
    case 'SCOPE': {
      const { requiredScopes } = lack;
      const names = requiredScopes.map((all) => all.join(' and ')).join(', or ');
      return refusal('MISSING_SCOPE', `The app needs the scope ${names}.`, { requiredScopes });
    }
    default:
      return lack satisfies never;
  }
}

const refusal = (code: string, message: string, extensions: object = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...extensions } });
