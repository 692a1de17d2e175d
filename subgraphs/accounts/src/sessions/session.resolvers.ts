import { requireViewer } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import type { SessionRefusedErrorMapper } from '../mappers.ts';
import { noTokens, type SessionRefusal, toTokens } from './session.ts';

const messages: Record<SessionRefusal, string> = {
  INVALID_CREDENTIALS: 'No account has this e-mail and password.',
  SESSION_ENDED: 'The session is over; sign in again.',
  ALREADY_REFRESHED: 'Another call has just refreshed the session; use the tokens it got.',
  REFRESH_TOKEN_REUSED:
    'This token was used before, so the session was ended for safety; sign in again.',
};

const refused = (refusal: SessionRefusal, path: string[] | null) =>
  noTokens<SessionRefusedErrorMapper>({
    __typename: 'SessionRefusedError',
    code: refusal,
    refusal,
    message: messages[refusal],
    path,
    retryable: false,
  });

export const sessionResolvers: Resolvers = {
  Mutation: {
    async signIn(_root, { input }, { signIn }) {
      const outcome = await signIn(input);
      return outcome.ok ? toTokens(outcome.value) : refused(outcome.refusal, null);
    },
    async refreshSession(_root, { input }, { refreshSession }) {
      const outcome = await refreshSession(input.refreshToken);
      return outcome.ok
        ? toTokens(outcome.value)
        : refused(outcome.refusal, ['input', 'refreshToken']);
    },
    async signOut(_root, { input }, { viewer, endSessions }) {
      const { userId, sessionId } = requireViewer(viewer);
      const endedSessionCount = await endSessions(
        userId,
        input?.everywhere ? 'ALL' : { sessionId },
      );
      return { endedSessionCount, userErrors: [] };
    },
  },
};
