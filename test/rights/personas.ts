import type { Viewer } from '@vitrine/platform/viewer';

/** Everybody the table knows. What they hold is in `stage.ts`. */
export const people = [
  'guest',
  'guest with a token',
  'another buyer',
  'buyer',
  'owner of another shop',
  'owner',
  'owner with a second factor',
  'manager',
  'agent',
  'agent who owns another shop',
  'another creator',
  'creator',
  'operator',
  'operator without the duty',
  'operator without a second factor',
] as const;
export type Person = (typeof people)[number];

/** The same for every row: somebody who holds the right, but comes in another way. */
export const stands = [
  'app without the scope',
  'app with the scope',
  'app for itself',
  'impersonated',
  'expired token',
] as const;
export type Stand = (typeof stands)[number];

export type Persona = Person | Stand;
export const personas: readonly Persona[] = [...people, ...stands];

/** What a token says of a person. */
export type Claims = Partial<Viewer> & Pick<Viewer, 'userId'>;

/** The claims of somebody who stands in for `holder`. */
export function standingFor(
  stand: Stand,
  {
    holder,
    scopes,
    appId,
  }: { readonly holder: Claims; readonly scopes: readonly string[]; readonly appId: string },
): Claims {
  switch (stand) {
    case 'app without the scope':
      return { ...holder, appId, scopes: [] };
    case 'app with the scope':
      return { ...holder, appId, scopes: [...scopes] };
    case 'app for itself':
      return {
        kind: 'APP',
        userId: appId,
        appId,
        roles: [],
        memberships: [],
        scopes: [...scopes],
      };
    case 'impersonated':
      return { ...holder, impersonatorId: 'usr_01JNYZ8V4D00000000000PERAT' };
    case 'expired token':
      return holder;
  }
}
