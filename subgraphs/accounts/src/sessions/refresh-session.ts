import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { People } from '../people/person.ts';
import type { SessionPorts } from './open-session.ts';
import { type Client, type RotationRefusal, rotated, type SignedIn } from './session.ts';

export interface RefreshPorts extends SessionPorts {
  readonly people: Pick<People, 'findMany'>;
}

/** Exchanges a refresh token for new tokens, once. Rights are read anew, so they are what they are by now. */
export const refreshSession =
  ({ sessions, refreshTokens, grantAccess, people, clock }: RefreshPorts) =>
  async (refreshToken: string, client: Client): Promise<Outcome<SignedIn, RotationRefusal>> => {
    const presented = refreshTokens.read(refreshToken);
    const session = presented && (await sessions.findByFamily(presented.familyHash));
    if (!session) return refuse('SESSION_ENDED');

    const next = refreshTokens.mint(refreshToken);
    const decision = rotated(session, presented.tokenHash, next.hashes.tokenHash, clock());
    if (!decision.ok) {
      if (decision.refusal === 'REFRESH_TOKEN_REUSED') await sessions.end(session);
      return decision;
    }
    const [person] = await people.findMany([session.userId]);
    if (!person) return refuse('SESSION_ENDED');
    if (!(await sessions.rotate(session, { ...decision.value, client }))) {
      // Two calls with one token: the database lets one rotate. Or somebody has signed out meanwhile.
      const isThere = await sessions.findByFamily(presented.familyHash);
      return refuse(isThere ? 'ALREADY_REFRESHED' : 'SESSION_ENDED');
    }
    return accept({
      person,
      ...(await grantAccess(person, session)),
      refreshToken: next.token,
      refreshTokenExpiresAt: decision.value.expiresAt,
    });
  };
