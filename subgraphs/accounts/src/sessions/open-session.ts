import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import {
  type GrantAccess,
  newSession,
  type OpenSession,
  type RefreshTokens,
  type Sessions,
} from './session.ts';

export interface SessionPorts {
  readonly sessions: Sessions;
  readonly refreshTokens: RefreshTokens;
  readonly grantAccess: GrantAccess;
  readonly clock: Clock;
}

export const openSession =
  ({
    sessions,
    refreshTokens,
    grantAccess,
    clock,
    newId,
  }: SessionPorts & { readonly newId: NewId }): OpenSession =>
  async (person, opening) => {
    const { token, hashes } = refreshTokens.mint();
    const session = newSession(
      { id: newId('ses'), userId: person.id, ...opening },
      hashes,
      clock(),
    );
    await sessions.add(session);
    return {
      person,
      ...(await grantAccess(person, session)),
      refreshToken: token,
      refreshTokenExpiresAt: session.expiresAt,
    };
  };
