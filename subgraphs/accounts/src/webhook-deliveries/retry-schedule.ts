import { HOUR, SECOND } from '@vitrine/kernel/clock';

/** Nominal pauses: each three times the one before, from five seconds up to four hours, together a day. */
const PAUSES_S = [
  5, 15, 45, 135, 405, 1_215, 3_645, 10_800, 14_400, 14_400, 14_400, 14_400, 12_535,
];
/** Each pause is up to a fifth longer or shorter, so that what failed together does not return together. */
const JITTER = 0.2;
/** An endpoint may ask for more patience than the schedule has, but not for ever. */
const LONGEST_RETRY_AFTER_MS = 24 * HOUR;

export const MOST_ATTEMPTS = PAUSES_S.length + 1;

/**
 * Milliseconds until the next attempt after `attempts` have failed, or null when no other follows.
 * `random` is from 0 to 1; `retryAfterMs` is what the endpoint asked for.
 */
export function pauseAfter(
  attempts: number,
  random: number,
  retryAfterMs: number | null = null,
): number | null {
  const nominal = PAUSES_S[attempts - 1];
  if (nominal === undefined) return null;
  const jittered = nominal * SECOND * (1 - JITTER + 2 * JITTER * random);
  return Math.round(Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS)));
}

/** `Retry-After` in milliseconds: seconds or a date, null where it is neither or lies in the past. */
export function readRetryAfter(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * SECOND : Date.parse(text) - now.getTime();
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}
