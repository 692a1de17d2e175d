import type { Candidate } from './suggestion.ts';

/** Of so many neighbours in the feed, those of the same category push a candidate down. */
const WINDOW = 6;
const REPEAT_FACTOR = 0.75;
/** Looking further down than this would cost more than it mends. */
const LOOKAHEAD = 30;

/**
 * The same candidates in an order in which no category crowds out the others: each place goes to
 * the candidate whose score, lowered for each of the last few of its category, is highest
 * (greedy maximal marginal relevance). `candidates` are sorted, the best first; ties keep order.
 */
export function diversify(candidates: readonly Candidate[], most: number): Candidate[] {
  const left = [...candidates];
  const chosen: Candidate[] = [];
  while (left.length > 0 && chosen.length < most) {
    const recent = chosen.slice(-WINDOW);
    const worth = ({ score, category }: Candidate): number =>
      score * REPEAT_FACTOR ** recent.filter((other) => other.category === category).length;
    let best = 0;
    const reach = Math.min(LOOKAHEAD, left.length);
    for (let at = 1; at < reach; at += 1) {
      const [challenger, holder] = [left[at], left[best]];
      if (challenger && holder && worth(challenger) > worth(holder)) best = at;
    }
    chosen.push(...left.splice(best, 1));
  }
  return chosen;
}
