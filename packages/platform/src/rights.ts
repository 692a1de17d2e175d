import { z } from 'zod';
import type { Redis } from './redis.ts';
import { ACCESS_TOKEN_SECONDS, operatorDuties, roles, staffRoles, type Viewer } from './viewer.ts';

/**
 * What accounts tells gateways at once, since tokens carry rights and hold for minutes. Null for a
 * session means all of the person's that were open then. What is given of roles, duties and
 * memberships is all that the person has after the change.
 */
const change = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ENDED'), userId: z.string(), sessionId: z.string().nullable() }),
  z.object({
    kind: z.literal('CHANGED'),
    userId: z.string(),
    roles: z.array(z.enum(roles)).optional(),
    duties: z.array(z.enum(operatorDuties)).optional(),
    memberships: z.array(z.object({ shopId: z.string(), role: z.enum(staffRoles) })).optional(),
  }),
  /** One opaque token, by `tokenHashOf`. */
  z.object({ kind: z.literal('TOKEN_ENDED'), userId: z.string(), tokenHash: z.string() }),
]);

export type RightsChange = z.infer<typeof change>;

const told = z.intersection(change, z.object({ at: z.number() }));

/** A change with its moment, in milliseconds since the epoch: it counts for tokens made before. */
export type ToldChange = z.infer<typeof told>;

/** How long a change matters: until the last token made before it has expired, and some more. */
export const RIGHTS_MS = (ACCESS_TOKEN_SECONDS + 5 * 60) * 1_000;

/** By how much the clocks of two machines may differ. */
const SKEW_MS = 5_000;

/** The Redis stream of a platform. */
export const rightsStream = (namespace: string): string => `${namespace}:accounts:rights`;

/** The field of an entry that holds the change. */
const FIELD = 'change';

/** Of an entry's fields, as Redis gives them; null for what is none. */
export function readRightsChange(fields: readonly string[]): ToldChange | null {
  const [name, text = ''] = fields;
  if (name !== FIELD) return null;
  try {
    return told.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * Tells all gateways, also those that start or come back within `RIGHTS_MS`. Rejects while Redis is
 * away. A change may be told again, with the moment it was first told with: nothing is undone by it.
 */
export async function publishRightsChange(
  redis: Redis,
  namespace: string,
  news: RightsChange,
  at = Date.now(),
): Promise<void> {
  const stream = rightsStream(namespace);
  const text = JSON.stringify({ ...news, at });
  await redis.xadd(stream, 'MINID', '~', Date.now() - RIGHTS_MS, '*', FIELD, text);
  await redis.pexpire(stream, RIGHTS_MS);
}

/** A token, as far as changes of rights touch it. */
export interface Held {
  readonly viewer: Viewer;
  /** When it was made, in milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Of an opaque token. */
  readonly tokenHash?: string;
}

/** Whom the token stands for after the change, the same object where nothing changes; null where it is over. */
export function viewerAfter(held: Held, news: ToldChange): Viewer | null {
  const { viewer, issuedAt, tokenHash } = held;
  if (viewer.userId !== news.userId) return viewer;
  switch (news.kind) {
    case 'TOKEN_ENDED':
      return tokenHash === news.tokenHash ? null : viewer;
    case 'ENDED':
      // A session that has ended never gets another token, so no clocks are compared.
      if (news.sessionId !== null) return news.sessionId === viewer.sessionId ? null : viewer;
      return issuedAt <= news.at ? null : viewer;
    case 'CHANGED':
      return issuedAt < news.at + SKEW_MS ? changed(viewer, news) : viewer;
    default:
      return news satisfies never;
  }
}

type Changed = Extract<ToldChange, { kind: 'CHANGED' }>;

function changed(viewer: Viewer, { roles, duties, memberships }: Changed): Viewer {
  const next: Viewer = {
    ...viewer,
    ...(roles ? { roles } : {}),
    ...(duties ? { duties } : {}),
    ...(memberships ? { memberships } : {}),
  };
  if (viewer.appId === undefined && viewer.impersonatorId === undefined) return next;
  // Who acts in somebody's name was given less, and that never grows with the person's rights.
  return {
    ...next,
    roles: viewer.roles.filter((role) => next.roles.includes(role)),
    duties: viewer.duties.filter((duty) => next.duties.includes(duty)),
    memberships: viewer.memberships.flatMap(({ shopId, role }) => {
      const now = next.memberships.find((membership) => membership.shopId === shopId);
      return now ? [{ shopId, role: lesser(role, now.role) }] : [];
    }),
  };
}

type StaffRole = (typeof staffRoles)[number];

/** `staffRoles` is ordered from the most rights to the fewest. */
const lesser = (a: StaffRole, b: StaffRole): StaffRole =>
  staffRoles.indexOf(a) > staffRoles.indexOf(b) ? a : b;
