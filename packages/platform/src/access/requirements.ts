/** Alternatives, of which one must be held as a whole: `[["a", "b"], ["c"]]` is "a and b, or c". */
export type AnyOf = readonly (readonly string[])[];

/** What must be true of who asks. All parts must hold. */
export interface Requirement {
  readonly needsSignIn: boolean;
  readonly scopes: readonly AnyOf[];
  readonly policies: readonly AnyOf[];
}

export const nothing: Requirement = { needsSignIn: false, scopes: [], policies: [] };

export const isNothing = ({ needsSignIn, scopes, policies }: Requirement): boolean =>
  !needsSignIn && scopes.length === 0 && policies.length === 0;

/** A requirement that holds where all of these hold. */
export const allOf = (requirements: readonly Requirement[]): Requirement => ({
  needsSignIn: requirements.some(({ needsSignIn }) => needsSignIn),
  scopes: distinct(requirements.flatMap(({ scopes }) => scopes)),
  policies: distinct(requirements.flatMap(({ policies }) => policies)),
});

/** In an order of their own, so that equal requirements are written alike. */
function distinct(lists: readonly AnyOf[]): readonly AnyOf[] {
  const byText = new Map(lists.map((list) => [JSON.stringify(list), list]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, list]) => list);
}

/** Which part of a requirement does not hold, in the order in which a client can do something about it. */
export type Lack =
  | { readonly kind: 'SIGN_IN' }
  | { readonly kind: 'SCOPE'; readonly requiredScopes: AnyOf }
  | { readonly kind: 'SECOND_FACTOR' }
  | { readonly kind: 'POLICY' };

/** Who asks, as requirements see them. */
export interface Holder {
  /** `APP` for one that acts for itself; one that acts for a person is that person, with less. */
  readonly kind: 'GUEST' | 'PERSON' | 'APP';
  holdsScope(scope: string): boolean;
  holdsPolicy(policy: string): boolean;
  /** What they would hold, had they signed in with a one-time password. */
  couldHoldPolicy(policy: string): boolean;
}

/** What a holder lacks, or null where nothing. Signing in is for people: no app can do it for itself. */
export function lackOf(requirement: Requirement, holder: Holder): Lack | null {
  const { kind } = holder;
  if (requirement.needsSignIn && kind === 'GUEST') return { kind: 'SIGN_IN' };
  if (requirement.needsSignIn && kind === 'APP') return { kind: 'POLICY' };
  const requiredScopes = requirement.scopes.find((list) => !holdsOne(list, holder.holdsScope));
  if (requiredScopes) return { kind: 'SCOPE', requiredScopes };
  const missing = requirement.policies.filter((list) => !holdsOne(list, holder.holdsPolicy));
  if (missing.length === 0) return null;
  if (kind === 'GUEST') return { kind: 'SIGN_IN' };
  const couldHold = missing.every((list) => holdsOne(list, holder.couldHoldPolicy));
  return { kind: couldHold ? 'SECOND_FACTOR' : 'POLICY' };
}

const holdsOne = (list: AnyOf, holds: (name: string) => boolean): boolean =>
  list.some((names) => names.every((name) => holds(name)));
