import { DAY, plus } from '@vitrine/kernel/clock';

/** A grant ends when the app has asked for no token for so long; so long a refresh token is good. */
export const IDLE_MS = 60 * DAY;

/**
 * What one person allows one app. There is one of both at most: who agrees again changes it. It
 * names a session, so that what gateways know of ended sessions ends its tokens and sockets too; a
 * change that takes something away has a new session, since the old one's tokens carry too much.
 */
export interface Grant {
  readonly id: string;
  readonly userId: string;
  readonly appId: string;
  /** Names from the platform's list; everything the person ever agreed to for this app. */
  readonly scopes: readonly string[];
  /** Shops in which it may act, as they chose last; it acts there only while they work there. */
  readonly shopIds: readonly string[];
  readonly sessionId: string;
  /** When the person agreed, the last time. */
  readonly grantedAt: Date;
  /** When the app last got a token of it. */
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date;
}

/** What somebody agrees to. */
export type Consent = Pick<Grant, 'userId' | 'appId' | 'scopes' | 'shopIds'>;

/** Where grants are kept. Implemented over MongoDB in `grant.store.ts`. */
export interface Grants {
  find(id: string): Promise<Grant | null>;
  findFor(userId: string, appId: string): Promise<Grant | null>;
  /** Adds what is agreed to; tokens of the grant before end at once. */
  agree(consent: Consent): Promise<Grant>;
  /** Remembers that the app got a token. */
  use(id: string): Promise<void>;
  /** Ends it with its tokens; false where it has ended. */
  end(by: { readonly id: string } | Pick<Grant, 'userId' | 'appId'>): Promise<boolean>;
  /** Ends every token there is, and lets new ones be made. */
  renewSession(id: string): Promise<void>;
  /** Takes a shop out of every grant of an app; answers of how many. */
  withdrawShop(shopId: string, appId: string): Promise<number>;
}

/** The grant after somebody agreed, anew or for the first time. */
export const agreed = (
  before: Grant | null,
  { userId, appId, scopes, shopIds }: Consent,
  { id, sessionId, now }: { readonly id: string; readonly sessionId: string; readonly now: Date },
): Grant => ({
  id: before?.id ?? id,
  userId,
  appId,
  scopes: [...new Set([...(before?.scopes ?? []), ...scopes])],
  shopIds: [...new Set(shopIds)],
  sessionId,
  grantedAt: now,
  lastUsedAt: before?.lastUsedAt ?? null,
  expiresAt: plus(now, IDLE_MS),
});
