import { invalidInput } from '@vitrine/platform/user-errors';
import { requireSelf } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import type { VerificationRefusedErrorMapper } from '../mappers.ts';
import type { InputProblem } from '../people/person-input.ts';
import { noTokens, toTokens } from '../sessions/session.ts';
import { isTooMany, tooManyAttempts } from '../throttling/attempts.errors.ts';
import type { TooManyAttempts } from '../throttling/attempts.ts';
import type { VerificationRefusal } from './proof.ts';

const messages: Record<VerificationRefusal, string> = {
  TOKEN_NOT_VALID: 'The token is not valid any more; ask for another mail.',
  PASSWORD_WRONG: 'It is not the password of the account.',
};

const refusedBy = (
  refusal: VerificationRefusal,
  field: string,
): VerificationRefusedErrorMapper => ({
  __typename: 'VerificationRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal],
  path: ['input', field],
  retryable: false,
});

type Refusal =
  | VerificationRefusal
  | TooManyAttempts
  | { readonly problems: readonly InputProblem[] };

/** `fields` says which one of the input each refusal is about. */
const told = (refusal: Refusal, fields: Partial<Record<VerificationRefusal, string>>) => {
  if (typeof refusal === 'string') return [refusedBy(refusal, fields[refusal] ?? 'token')];
  return isTooMany(refusal) ? [tooManyAttempts(refusal)] : refusal.problems.map(invalidInput);
};

const ofToken = (refusal: VerificationRefusal | TooManyAttempts) =>
  typeof refusal === 'string' ? refusedBy(refusal, 'token') : tooManyAttempts(refusal);

export const verificationResolvers: Resolvers = {
  Mutation: {
    async verifyEmail(_root, { input }, { client, verifyEmail }) {
      const outcome = await verifyEmail(input.token, client, input.guestToken);
      return outcome.ok ? toTokens(outcome.value) : noTokens(ofToken(outcome.refusal));
    },
    async resendVerification(_root, { input }, { client, resendVerification }) {
      const outcome = await resendVerification(input.email, client);
      return { userErrors: outcome.ok ? [] : [tooManyAttempts(outcome.refusal)] };
    },
    async requestPasswordReset(_root, { input }, { client, requestPasswordReset }) {
      const outcome = await requestPasswordReset(input.email, client);
      return { userErrors: outcome.ok ? [] : [tooManyAttempts(outcome.refusal)] };
    },
    async resetPassword(_root, { input }, { client, resetPassword }) {
      const outcome = await resetPassword(input, client);
      return { isReset: outcome.ok, userErrors: outcome.ok ? [] : told(outcome.refusal, {}) };
    },
    async changePassword(_root, { input }, { viewer, client, changePassword }) {
      const { userId, sessionId } = requireSelf(viewer);
      const outcome = await changePassword({ userId, sessionId, ...input }, client);
      return {
        isChanged: outcome.ok,
        userErrors: outcome.ok ? [] : told(outcome.refusal, { PASSWORD_WRONG: 'currentPassword' }),
      };
    },
    async changeEmail(_root, { input }, { viewer, client, changeEmail }) {
      const { userId } = requireSelf(viewer);
      const outcome = await changeEmail({ userId, ...input }, client);
      return {
        sentTo: outcome.ok ? outcome.value : null,
        userErrors: outcome.ok ? [] : told(outcome.refusal, { PASSWORD_WRONG: 'password' }),
      };
    },
    async confirmEmailChange(_root, { input }, { viewer, client, confirmEmailChange, loaders }) {
      const { userId } = requireSelf(viewer);
      const outcome = await confirmEmailChange({ token: input.token, by: { userId } }, client);
      loaders.personById.clear(userId);
      return {
        viewer: outcome.ok ? outcome.value : null,
        userErrors: outcome.ok ? [] : [ofToken(outcome.refusal)],
      };
    },
  },
};
