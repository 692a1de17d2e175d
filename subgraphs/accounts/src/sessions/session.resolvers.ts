import { connectionOf, readPage } from '@vitrine/platform/pages';
import { notFound } from '@vitrine/platform/user-errors';
import { requireSelf, requireViewer } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import type { SessionRefusedErrorMapper, TooManyAttemptsErrorMapper } from '../mappers.ts';
import { tooManyAttempts } from '../throttling/attempts.errors.ts';
import { noTokens, type SessionRefusal, toTokens } from './session.ts';

const messages: Record<SessionRefusal, string> = {
  INVALID_CREDENTIALS: 'No account has this e-mail and password.',
  EMAIL_NOT_VERIFIED: 'Confirm your address first, by the mail that was sent to it.',
  ONE_TIME_PASSWORD_REQUIRED: 'A one-time password is needed as well.',
  ONE_TIME_PASSWORD_WRONG: 'The one-time password is wrong, too old, or was used before.',
  SESSION_ENDED: 'The session is over; sign in again.',
  ALREADY_REFRESHED: 'Another call has just refreshed the session; use the tokens it got.',
  REFRESH_TOKEN_REUSED:
    'This token was used before, so the session was ended for safety; sign in again.',
};

const refusedBy = (refusal: SessionRefusal, path: string[] | null): SessionRefusedErrorMapper => ({
  __typename: 'SessionRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal],
  path,
  retryable: false,
});

const aboutOneTimePassword = (refusal: SessionRefusal): boolean =>
  refusal.startsWith('ONE_TIME_PASSWORD');

export const sessionResolvers: Resolvers = {
  Viewer: {
    async sessions({ id }, args, { viewer, sessions, now }) {
      const page = readPage(args);
      const { userId } = requireSelf(viewer);
      const rows = userId === id ? await sessions.list(id, page, now()) : [];
      return connectionOf(page, rows, (session) => [session.lastSeenAt.getTime(), session.id]);
    },
  },
  Session: {
    userAgent: ({ client }) => client.userAgent,
    address: ({ client }) => client.address,
    isCurrent: ({ id }, _args, { viewer }) => viewer?.sessionId === id,
    impersonation: (session) => (session.impersonation ? session : null),
  },
  Mutation: {
    async signIn(_root, { input }, { client, signIn }) {
      const outcome = await signIn(input, client);
      if (outcome.ok) return toTokens(outcome.value);
      const { refusal } = outcome;
      if (typeof refusal === 'object') {
        return noTokens<SessionRefusedErrorMapper | TooManyAttemptsErrorMapper>(
          tooManyAttempts(refusal),
        );
      }
      return noTokens<SessionRefusedErrorMapper | TooManyAttemptsErrorMapper>(
        refusedBy(refusal, aboutOneTimePassword(refusal) ? ['input', 'oneTimePassword'] : null),
      );
    },
    async refreshSession(_root, { input }, { client, refreshSession }) {
      const outcome = await refreshSession(input.refreshToken, client);
      return outcome.ok
        ? toTokens(outcome.value)
        : noTokens(refusedBy(outcome.refusal, ['input', 'refreshToken']));
    },
    async signOut(_root, { input }, { viewer, endSessions }) {
      const { userId, sessionId } = requireViewer(viewer);
      // An operator who acts as the person leaves, and ends nobody else's work.
      if (input?.everywhere) requireSelf(viewer);
      const ended = await endSessions(userId, input?.everywhere ? 'ALL' : { sessionId });
      return { endedSessionCount: ended.length, userErrors: [] };
    },
    async endSession(_root, { input }, { viewer, endSessions }) {
      const { userId } = requireSelf(viewer);
      const ended = await endSessions(userId, { sessionId: input.sessionId });
      return ended.length > 0
        ? { endedSessionId: input.sessionId, userErrors: [] }
        : { endedSessionId: null, userErrors: [notFound('The session', ['sessionId'])] };
    },
  },
};
