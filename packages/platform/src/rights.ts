import { z } from 'zod';
import type { Redis } from './redis.ts';
import { roles, staffRoles, type Viewer } from './viewer.ts';

/**
 * What accounts tells gateways at once, since tokens carry rights and hold for minutes. Null for a
 * session means all of the person's. Roles and memberships are as they are after the change.
 */
const change = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ENDED'), userId: z.string(), sessionId: z.string().nullable() }),
  z.object({
    kind: z.literal('CHANGED'),
    userId: z.string(),
    roles: z.array(z.enum(roles)).optional(),
    memberships: z.array(z.object({ shopId: z.string(), role: z.enum(staffRoles) })).optional(),
  }),
]);

export type RightsChange = z.infer<typeof change>;

/** The Redis channel of a platform. */
export const rightsChannel = (namespace: string): string => `${namespace}:accounts:rights`;

/** Null for what is none. */
export function readRightsChange(text: string): RightsChange | null {
  try {
    return change.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export const publishRightsChange = async (
  redis: Redis,
  namespace: string,
  told: RightsChange,
): Promise<void> => {
  await redis.publish(rightsChannel(namespace), JSON.stringify(told));
};

/** The viewer after the change; null where the session is over. */
export function viewerAfter(viewer: Viewer, told: RightsChange): Viewer | null {
  if (viewer.userId !== told.userId) return viewer;
  if (told.kind === 'ENDED') {
    return told.sessionId === null || told.sessionId === viewer.sessionId ? null : viewer;
  }
  return {
    ...viewer,
    ...(told.roles ? { roles: told.roles } : {}),
    ...(told.memberships ? { memberships: told.memberships } : {}),
  };
}
