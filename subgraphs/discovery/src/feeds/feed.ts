import { MINUTE, SECOND } from '@vitrine/kernel/clock';
import type { Suggestion } from '../ranking/suggestion.ts';

/** What is suggested to a viewer in a market, as ranked at one moment. */
export interface Feed {
  readonly viewerId: string;
  readonly market: string;
  /** Opaque; a cursor names it, so that pages of one reading belong together. */
  readonly version: string;
  /** Of the profile it follows from; 0 for a viewer nothing is known of. */
  readonly profileVersion: number;
  readonly madeAt: Date;
  readonly items: readonly Suggestion[];
}

/** Trends move on while a viewer does nothing. */
const FRESH_MS = { known: 10 * MINUTE, unknown: 30 * SECOND };
export const FEED_SIZE = 200;

/** Whether the feed still follows from what is known. */
export function isFresh(feed: Feed, profileVersion: number, now: Date): boolean {
  const limit = profileVersion === 0 ? FRESH_MS.unknown : FRESH_MS.known;
  return feed.profileVersion === profileVersion && now.getTime() - feed.madeAt.getTime() < limit;
}
