import type { Candidate } from './suggestion.ts';

/** What a feed is made of. Values are relative: only their proportions matter. */
export interface Ingredients {
  /** What the viewer cares for, and how much. */
  readonly interests: readonly { readonly productId: string; readonly value: number }[];
  /** Of an interest: where people who share it look too; shares sum to 1. */
  readonly neighboursOf: (
    productId: string,
  ) => readonly { readonly productId: string; readonly share: number }[];
  /** What the market cares for. */
  readonly trending: readonly { readonly productId: string; readonly value: number }[];
  /** The latest listed, latest first. */
  readonly newest: readonly string[];
  readonly categoryOf: (productId: string) => string | null;
  readonly hasBought: (productId: string) => boolean;
  /** Whether it may be shown to this viewer in this market now. */
  readonly isAllowed: (productId: string) => boolean;
}

/** How much each kind of evidence counts; each is scaled so that its best is 1. */
const WEIGHTS = { personal: 1, category: 0.35, trend: 0.1 };
/** What the viewer has looked at already is known to them. */
const SEEN_PENALTY = 0.05;
/** Below all evidence. */
const NEW_SCORE = 1e-6;

interface Evidence {
  personal: number;
  /** The interest that adds most to `personal`. */
  because: { productId: string; value: number } | null;
  trend: number;
}

/**
 * Candidates, the best first: item-to-item neighbours of the viewer's interests, popular products of
 * the categories they care for, and what is trending; then new arrivals, so that there is always
 * something and new products are found. The reason is whatever counted most.
 */
export function blend(ingredients: Ingredients): Candidate[] {
  const { interests, categoryOf } = ingredients;
  const evidence = gather(ingredients);
  const total = interests.reduce((sum, { value }) => sum + value, 0);
  const affinity = new Map<string | null, number>();
  for (const { productId, value } of interests) {
    const category = categoryOf(productId);
    affinity.set(category, (affinity.get(category) ?? 0) + value / total);
  }
  const most = (pick: (one: Evidence) => number) =>
    [...evidence.values()].reduce((best, one) => Math.max(best, pick(one)), 0) || 1;
  const scale = { personal: most((one) => one.personal), trend: most((one) => one.trend) };
  const seen = new Set(interests.map(({ productId }) => productId));

  const ranked = [...evidence].map(([productId, one]): Candidate => {
    const category = categoryOf(productId);
    const trend = one.trend / scale.trend;
    const parts = {
      personal: (WEIGHTS.personal * one.personal) / scale.personal,
      category: WEIGHTS.category * trend * (category === null ? 0 : (affinity.get(category) ?? 0)),
      trend: WEIGHTS.trend * trend,
    };
    const score =
      (parts.personal + parts.category + parts.trend) * (seen.has(productId) ? SEEN_PENALTY : 1);
    return { productId, score, category, ...reasonOf(parts, one, ingredients) };
  });
  const arrivals = ingredients.newest
    .filter((productId) => !evidence.has(productId))
    .map(
      (productId, index): Candidate => ({
        productId,
        score: NEW_SCORE / (index + 1),
        category: categoryOf(productId),
        kind: 'NEW_ARRIVAL',
        becauseId: null,
      }),
    );
  return [...ranked, ...arrivals]
    .filter(({ productId }) => ingredients.isAllowed(productId))
    .toSorted((a, b) => b.score - a.score || (a.productId < b.productId ? -1 : 1));
}

function gather({ interests, neighboursOf, trending }: Ingredients): Map<string, Evidence> {
  const evidence = new Map<string, Evidence>();
  const of = (productId: string): Evidence => {
    const known = evidence.get(productId) ?? { personal: 0, because: null, trend: 0 };
    evidence.set(productId, known);
    return known;
  };
  for (const interest of interests) {
    for (const { productId, share } of neighboursOf(interest.productId)) {
      const value = interest.value * share;
      const one = of(productId);
      one.personal += value;
      if (value > (one.because?.value ?? 0)) one.because = { productId: interest.productId, value };
    }
  }
  for (const { productId, value } of trending) of(productId).trend += value;
  return evidence;
}

function reasonOf(
  parts: { readonly personal: number; readonly category: number; readonly trend: number },
  { because }: Evidence,
  { hasBought }: Ingredients,
): Pick<Candidate, 'kind' | 'becauseId'> {
  if (because && parts.personal >= Math.max(parts.category, parts.trend)) {
    const kind = hasBought(because.productId) ? 'BECAUSE_YOU_BOUGHT' : 'BECAUSE_YOU_VIEWED';
    return { kind, becauseId: because.productId };
  }
  const kind = parts.category > parts.trend ? 'POPULAR_IN_CATEGORY' : 'TRENDING';
  return { kind, becauseId: null };
}
