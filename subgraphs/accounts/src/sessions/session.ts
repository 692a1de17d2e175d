import { DAY, plus, SECOND } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Person } from '../people/person.ts';

/** A session ends when nobody refreshes it for so long. */
const IDLE_MS = 30 * DAY;
/** Two calls of one client that cross within so long are a bad line, not a theft. */
const GRACE_MS = 10 * SECOND;

/**
 * One sign-in on one device. Its refresh token has two random halves: the first names the session
 * and stays, the second is replaced at each refresh. So whoever shows a right first and a wrong
 * second half once held a real token of this session, however long ago: a reuse is noticed without
 * keeping every token ever given out. Only hashes are kept.
 */
export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly familyHash: string;
  readonly tokenHash: string;
  /** Of the token before this one; null until the first refresh. */
  readonly previousHash: string | null;
  readonly rotatedAt: Date | null;
  readonly createdAt: Date;
  /** Of the sign-in or the last refresh. */
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  /** Where it was seen last. */
  readonly client: Client;
  /** A one-time password was given as well, at the sign-in or when the factor was set up. */
  readonly hasSecondFactor: boolean;
  /** Set where an operator acts as the person: nobody else's session, and never refreshed. */
  readonly impersonation: Impersonation | null;
}

/** Where a request came from, as far as it is known. */
export interface Client {
  readonly address: string | null;
  readonly userAgent: string | null;
}

export interface Impersonation {
  readonly operatorId: string;
  readonly reason: string;
}

/** What a session is opened with beside its person. */
export type Opening = Pick<Session, 'client' | 'hasSecondFactor'> & {
  /** Of the guest they were until now, whose cart becomes theirs; one that is no good is passed over. */
  readonly guestToken?: string | null | undefined;
};

/** A refresh token as it can be compared. */
export type TokenHashes = Pick<Session, 'familyHash' | 'tokenHash'>;

export interface RefreshTokens {
  /** A new token, of a new family unless one is given by a token of it. */
  mint(familyOf?: string): { readonly token: string; readonly hashes: TokenHashes };
  /** Null for what cannot be a refresh token. */
  read(token: string): TokenHashes | null;
}

/** Where sessions are kept. Implemented over MongoDB in `session.store.ts`. */
export interface Sessions {
  /** Stores it and, with the guest its person was until now, tells whose cart that guest's is. */
  add(session: Session, guestId?: string | null): Promise<void>;
  findByFamily(familyHash: string): Promise<Session | null>;
  /** Stores the rotation unless somebody has rotated since; false then. */
  rotate(from: Session, to: Session): Promise<boolean>;
  end(session: Pick<Session, 'id' | 'userId'>): Promise<void>;
  /** Ends sessions of a person; answers the ids of those that were still there. */
  endOf(userId: string, which: WhichSessions): Promise<readonly string[]>;
  find(userId: string, id: string): Promise<Session | null>;
}

/** One session, all, or all but one. */
export type WhichSessions = 'ALL' | { readonly sessionId: string } | { readonly except: string };

export type SessionRefusal =
  | 'INVALID_CREDENTIALS'
  | 'EMAIL_NOT_VERIFIED'
  | 'ONE_TIME_PASSWORD_REQUIRED'
  | 'ONE_TIME_PASSWORD_WRONG'
  | 'SESSION_ENDED'
  | 'ALREADY_REFRESHED'
  | 'REFRESH_TOKEN_REUSED';

/** What a client gets for proving who it is. */
export interface SignedIn {
  readonly person: Person;
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
}

export type OpenSession = (person: Person, opening: Opening) => Promise<SignedIn>;

/** Makes access tokens. They carry rights as of now and hold for minutes, whatever happens to the session. */
export type GrantAccess = (
  person: Person,
  session: Pick<Session, 'id' | 'hasSecondFactor' | 'impersonation' | 'expiresAt'>,
) => Promise<Pick<SignedIn, 'accessToken' | 'accessTokenExpiresAt'>>;

export const newSession = (
  opened: Pick<Session, 'id' | 'userId' | 'client' | 'hasSecondFactor'>,
  hashes: TokenHashes,
  now: Date,
): Session => ({
  ...opened,
  ...hashes,
  impersonation: null,
  previousHash: null,
  rotatedAt: null,
  createdAt: now,
  lastSeenAt: now,
  expiresAt: plus(now, IDLE_MS),
});

export type RotationRefusal = Extract<
  SessionRefusal,
  'SESSION_ENDED' | 'ALREADY_REFRESHED' | 'REFRESH_TOKEN_REUSED'
>;

/** Decides what a token of the session's family is good for. `REFRESH_TOKEN_REUSED` asks the caller to end the session. */
export function rotated(
  session: Session,
  presentedHash: string,
  nextHash: string,
  now: Date,
): Outcome<Session, RotationRefusal> {
  if (session.expiresAt <= now) return refuse('SESSION_ENDED');
  if (presentedHash === session.tokenHash) {
    return accept({
      ...session,
      tokenHash: nextHash,
      previousHash: presentedHash,
      rotatedAt: now,
      lastSeenAt: now,
      expiresAt: plus(now, IDLE_MS),
    });
  }
  const isJustRotated =
    presentedHash === session.previousHash &&
    session.rotatedAt !== null &&
    now <= plus(session.rotatedAt, GRACE_MS);
  return refuse(isJustRotated ? 'ALREADY_REFRESHED' : 'REFRESH_TOKEN_REUSED');
}

/** The payload that sign-up, sign-in and refresh share. */
export const toTokens = ({ person, ...tokens }: SignedIn) => ({
  ...tokens,
  viewer: person,
  userErrors: [],
});

export const noTokens = <UserError>(...userErrors: readonly UserError[]) => ({
  accessToken: null,
  accessTokenExpiresAt: null,
  refreshToken: null,
  refreshTokenExpiresAt: null,
  viewer: null,
  userErrors: [...userErrors],
});
