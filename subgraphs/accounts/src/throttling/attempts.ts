import { HOUR, MINUTE, SECOND } from '@vitrine/kernel/clock';

/** What can be tried again and again until it succeeds, or until a mailbox is full. */
export type AttemptKind =
  | 'SIGN_IN'
  | 'SIGN_UP'
  | 'ONE_TIME_PASSWORD'
  | 'CURRENT_PASSWORD'
  | 'MAIL'
  | 'MAILED_TOKEN'
  | 'GUEST_SESSION';

/** Whose attempts are counted together. */
export interface Limit {
  /** Attempts before the first pause. */
  readonly free: number;
  /** The first pause; each further one is twice as long. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
}

/** Attempts are forgotten when nobody has tried for so long, which is longer than any pause. */
export const MEMORY_MS = 2 * HOUR;

const guesses = { pauseMs: SECOND, longestPauseMs: 15 * MINUTE };
const mails = { pauseMs: MINUTE, longestPauseMs: HOUR };

/**
 * Limits by account and by client address. An account is whatever the caller names, whether there is
 * such a one or not. Many people share an address, so it may try more; what succeeds is given back.
 */
export const limits: Record<AttemptKind, { readonly account: Limit; readonly client: Limit }> = {
  SIGN_IN: { account: { free: 5, ...guesses }, client: { free: 100, ...guesses } },
  SIGN_UP: { account: { free: 3, ...mails }, client: { free: 100, ...guesses } },
  ONE_TIME_PASSWORD: { account: { free: 5, ...guesses }, client: { free: 100, ...guesses } },
  CURRENT_PASSWORD: { account: { free: 5, ...guesses }, client: { free: 100, ...guesses } },
  MAIL: { account: { free: 3, ...mails }, client: { free: 50, ...guesses } },
  // The account is the address again: a campus behind one has visitors by the hundred.
  GUEST_SESSION: {
    account: { free: 300, pauseMs: SECOND, longestPauseMs: 10 * SECOND },
    client: { free: 300, pauseMs: SECOND, longestPauseMs: 10 * SECOND },
  },
  MAILED_TOKEN: { account: { free: 5, ...guesses }, client: { free: 50, ...guesses } },
};

/** What is known of earlier attempts. */
export interface Count {
  readonly attempts: number;
  /** Milliseconds since the epoch; nothing is tried before. */
  readonly pausedUntil: number;
}

export const NO_ATTEMPTS: Count = { attempts: 0, pausedUntil: 0 };

/** The count with one more attempt, which comes at `now`. */
export function counted({ attempts }: Count, limit: Limit, now: number): Count {
  const made = attempts + 1;
  if (made < limit.free) return { attempts: made, pausedUntil: 0 };
  const pause = Math.min(
    limit.pauseMs * 2 ** Math.min(made - limit.free, 30),
    limit.longestPauseMs,
  );
  return { attempts: made, pausedUntil: now + pause };
}

/** The count after one of the attempts has succeeded: it was none of somebody who guesses. */
export const givenBack = ({ attempts }: Count): Count => ({
  attempts: Math.max(0, attempts - 1),
  pausedUntil: 0,
});

/** Too much was tried; in how long it may be tried again. */
export interface TooManyAttempts {
  readonly retryAfterSeconds: number;
}

export interface Attempt {
  readonly kind: AttemptKind;
  /** An e-mail address or an id; never told to anybody, and kept as a hash. */
  readonly account: string;
  /** Where the request came from; null where that is not known, which leaves the account's limit. */
  readonly address: string | null;
}

/** Counts attempts. Implemented over Redis in `attempts.redis.ts`. */
export interface Attempts {
  /**
   * Counts an attempt that is about to be made, so that many at once are counted before any is
   * decided. What is refused is not counted.
   */
  begin(attempt: Attempt): Promise<TooManyAttempts | null>;
  /** The attempt was right: the account's count is forgotten, the address has one back. */
  succeeded(attempt: Attempt): Promise<void>;
}
