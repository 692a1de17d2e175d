import { requireSelf } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import type { SecondFactorRefusedErrorMapper } from '../mappers.ts';
import { tooManyAttempts } from '../throttling/attempts.errors.ts';
import type { TooManyAttempts } from '../throttling/attempts.ts';
import type { SecondFactorRefusal } from './second-factor.ts';

const messages: Record<SecondFactorRefusal, string> = {
  PASSWORD_WRONG: 'It is not the password of the account.',
  ALREADY_ENROLLED: 'One-time passwords are set up already.',
  NOT_ENROLLED: 'One-time passwords are not set up.',
  ONE_TIME_PASSWORD_WRONG: 'The code is wrong, too old, or was used before.',
};

const fields: Record<SecondFactorRefusal, string | null> = {
  PASSWORD_WRONG: 'password',
  ALREADY_ENROLLED: null,
  NOT_ENROLLED: null,
  ONE_TIME_PASSWORD_WRONG: 'oneTimePassword',
};

const refusedBy = (refusal: SecondFactorRefusal): SecondFactorRefusedErrorMapper => ({
  __typename: 'SecondFactorRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal],
  path: fields[refusal] === null ? null : ['input', fields[refusal]],
  retryable: false,
});

const told = (refusal: SecondFactorRefusal | TooManyAttempts) => [
  typeof refusal === 'string' ? refusedBy(refusal) : tooManyAttempts(refusal),
];

export const secondFactorResolvers: Resolvers = {
  Viewer: {
    isSecondFactorEnrolled: async ({ id }, _args, { secondFactors }) =>
      (await secondFactors.find(id))?.confirmedAt != null,
  },
  Mutation: {
    async enrolSecondFactor(_root, { input }, { viewer, client, enrolSecondFactor }) {
      const { userId } = requireSelf(viewer);
      const outcome = await enrolSecondFactor({ userId, ...input }, client);
      return outcome.ok
        ? { secret: outcome.value.secret, otpauthUri: outcome.value.uri, userErrors: [] }
        : { secret: null, otpauthUri: null, userErrors: told(outcome.refusal) };
    },
    async confirmSecondFactor(_root, { input }, { viewer, client, confirmSecondFactor }) {
      const { userId, sessionId } = requireSelf(viewer);
      const outcome = await confirmSecondFactor({ userId, sessionId, ...input }, client);
      return outcome.ok
        ? { recoveryCodes: [...outcome.value], userErrors: [] }
        : { recoveryCodes: null, userErrors: told(outcome.refusal) };
    },
    async disableSecondFactor(_root, { input }, { viewer, client, disableSecondFactor }) {
      const { userId } = requireSelf(viewer);
      const outcome = await disableSecondFactor({ userId, ...input }, client);
      return {
        isDisabled: outcome.ok,
        userErrors: outcome.ok ? [] : told(outcome.refusal),
      };
    },
  },
};
