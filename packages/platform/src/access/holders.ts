import type { OperatorDuty, StaffRole, Viewer } from '../viewer.ts';
import type { Holder } from './requirements.ts';

/** Scopes somebody has; `ALL` for people, who are limited by what is theirs and not by scopes. */
export type HeldScopes = 'ALL' | ReadonlySet<string>;

/**
 * Scopes limit what an app may do. Where there is no app, nothing is to be limited: a person on a
 * client of the platform's own has all scopes, and so has a guest, whom `@authenticated` keeps out
 * where signing in is needed. Whether a person may touch this very shop or order is decided where
 * the data is. A token that names an app, or states scopes, has those alone; an app that was granted
 * nothing has none.
 */
export function scopesOf(viewer: Viewer | null): HeldScopes {
  if (!viewer || (!isApp(viewer) && viewer.scopes.length === 0)) return 'ALL';
  return new Set(viewer.scopes);
}

export const isApp = ({ appId, kind }: Viewer): boolean => appId !== undefined || kind === 'APP';

/**
 * Whether the person is there themself: no app in their name, no token of a few scopes, and no
 * operator who helps them.
 */
export const isThemself = (viewer: Viewer): boolean =>
  viewer.kind === 'PERSON' && viewer.impersonatorId === undefined && scopesOf(viewer) === 'ALL';

const isOperator = (viewer: Viewer): boolean =>
  isThemself(viewer) && viewer.roles.includes('OPERATOR');

const operatorFor =
  (duty: OperatorDuty) =>
  (viewer: Viewer): boolean =>
    isOperator(viewer) && viewer.duties.includes(duty);

const staffIn =
  (allowed: readonly StaffRole[]) =>
  ({ kind, memberships }: Viewer): boolean =>
    kind === 'PERSON' && memberships.some(({ role }) => allowed.includes(role));

const SECOND_FACTOR = 'second-factor';

/**
 * Policies by name, as `@policy` states them: the roles of the graph. An operator's are for people
 * alone. Those of staff and creators hold for an app as well, where its token has the person's
 * memberships and roles. Staff of *some* shop is all that can be told before the data is seen; of
 * which shop is decided there.
 */
const policies: Readonly<Record<string, (viewer: Viewer) => boolean>> = {
  /** Nobody in the person's name: what is about the account itself. */
  self: isThemself,
  /** The person, or an app they let; not an operator who helps them. For what costs them money. */
  'no-impersonation': ({ kind, impersonatorId }) =>
    kind === 'PERSON' && impersonatorId === undefined,
  /** Whoever may fill a cart: a person, or a guest who holds a token. */
  shopper: ({ kind }) => kind !== 'APP',
  operator: isOperator,
  'operator:reviews': operatorFor('REVIEWS'),
  'operator:finance': operatorFor('FINANCE'),
  'operator:moderation': operatorFor('MODERATION'),
  [SECOND_FACTOR]: (viewer) => isThemself(viewer) && viewer.hasSecondFactor,
  staff: staffIn(['OWNER', 'MANAGER', 'AGENT']),
  'staff:manager': staffIn(['OWNER', 'MANAGER']),
  'staff:owner': staffIn(['OWNER']),
  creator: ({ kind, roles }) => kind === 'PERSON' && roles.includes('CREATOR'),
  app: isApp,
};

export const policyNames: readonly string[] = Object.keys(policies);

const holders = new WeakMap<Viewer, Holder>();

const guest: Holder = {
  kind: 'GUEST',
  holdsScope: () => true,
  holdsPolicy: () => false,
  couldHoldPolicy: () => false,
};

/** Who asks, as requirements see them; computed once for a viewer's token. */
export function holderOf(viewer: Viewer | null): Holder {
  if (!viewer) return guest;
  let holder = holders.get(viewer);
  if (!holder) {
    const scopes = scopesOf(viewer);
    const holdsPolicy = (policy: string): boolean => policies[policy]?.(viewer) ?? false;
    const canProve = isThemself(viewer);
    holder = {
      kind: viewer.kind,
      holdsScope: (scope) => scopes === 'ALL' || scopes.has(scope),
      holdsPolicy,
      couldHoldPolicy: (policy) => holdsPolicy(policy) || (policy === SECOND_FACTOR && canProve),
    };
    holders.set(viewer, holder);
  }
  return holder;
}
