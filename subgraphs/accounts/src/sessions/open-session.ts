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

/** The guest of a token; null for one that is forged, expired or of somebody else. */
export type GuestOf = (token: string) => Promise<string | null>;

export const openSession =
  ({
    sessions,
    refreshTokens,
    grantAccess,
    clock,
    newId,
    guestOf,
  }: SessionPorts & { readonly newId: NewId; readonly guestOf: GuestOf }): OpenSession =>
  async (person, { guestToken, ...opening }) => {
    const { token, hashes } = refreshTokens.mint();
    const session = newSession(
      { id: newId('ses'), userId: person.id, ...opening },
      hashes,
      clock(),
    );
    await sessions.add(session, guestToken ? await guestOf(guestToken) : null);
    return {
      person,
      ...(await grantAccess(person, session)),
      refreshToken: token,
      refreshTokenExpiresAt: session.expiresAt,
    };
  };
