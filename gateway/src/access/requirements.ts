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
  | { readonly kind: 'POLICY' };

/** Who asks, as requirements see them. */
export interface Holder {
  readonly isSignedIn: boolean;
  holdsScope(scope: string): boolean;
  holdsPolicy(policy: string): boolean;
}

/** What a holder lacks, or null where nothing. */
export function lackOf(requirement: Requirement, holder: Holder): Lack | null {
  if (requirement.needsSignIn && !holder.isSignedIn) return { kind: 'SIGN_IN' };
  const requiredScopes = requirement.scopes.find((list) => !holdsOne(list, holder.holdsScope));
  if (requiredScopes) return { kind: 'SCOPE', requiredScopes };
  if (requirement.policies.every((list) => holdsOne(list, holder.holdsPolicy))) return null;
  return { kind: holder.isSignedIn ? 'POLICY' : 'SIGN_IN' };
}

const holdsOne = (list: AnyOf, holds: (name: string) => boolean): boolean =>
  list.some((names) => names.every((name) => holds(name)));
