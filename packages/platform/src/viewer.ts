import { GraphQLError } from 'graphql';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

export const roles = ['BUYER', 'CREATOR', 'OPERATOR'] as const;
export const staffRoles = ['OWNER', 'MANAGER', 'AGENT'] as const;

const claims = z.object({
  userId: z.string(),
  sessionId: z.string(),
  /** The app that acts in the person's name; absent where the person does. */
  appId: z.string().optional(),
  roles: z.array(z.enum(roles)),
  /** What the app was granted; empty where no app acts. */
  scopes: z.array(z.string()),
  memberships: z.array(z.object({ shopId: z.string(), role: z.enum(staffRoles) })),
});

/** Who is asking: what an access token stands for, as the gateway has verified it. */
export type Viewer = z.infer<typeof claims>;

/** Carries the viewer from the gateway to a remote subgraph. */
export const VIEWER_HEADER = 'x-vitrine-viewer';

export interface ViewerTokens {
  sign(viewer: Viewer): Promise<string>;
  /** The viewer of a token; throws `UNAUTHENTICATED` for one that is forged, expired or malformed. */
  verify(token: string): Promise<Viewer>;
}

/**
 * The header that tells a remote subgraph who is asking. Lives for seconds: long enough for one
 * operation, useless when logged. `secret` is shared by the gateway and the subgraphs only.
 */
export const viewerSigner = (secret: string): ViewerTokens =>
  viewerTokens(secret, { audience: 'vitrine:subgraph', lifetimeSeconds: 60 });

export const ACCESS_TOKEN_SECONDS = 15 * 60;

/** What clients send as `Authorization: Bearer`: issued by accounts, verified by the gateway. */
export const accessTokens = (secret: string): ViewerTokens =>
  viewerTokens(secret, { audience: 'vitrine:gateway', lifetimeSeconds: ACCESS_TOKEN_SECONDS });

function viewerTokens(
  secret: string,
  { audience, lifetimeSeconds }: { readonly audience: string; readonly lifetimeSeconds: number },
): ViewerTokens {
  const key = new TextEncoder().encode(secret);
  return {
    sign: (viewer) =>
      new SignJWT({ viewer })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuedAt()
        .setAudience(audience)
        .setExpirationTime(`${lifetimeSeconds}s`)
        .sign(key),
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, { audience, algorithms: ['HS256'] });
        return claims.parse(payload['viewer']);
      } catch {
        throw new GraphQLError('The token is not valid or has expired; sign in again.', {
          extensions: { code: 'UNAUTHENTICATED' },
        });
      }
    },
  };
}

/** The viewer, or a top-level `UNAUTHENTICATED` error for a guest. */
export function requireViewer(viewer: Viewer | null): Viewer {
  if (viewer) return viewer;
  throw new GraphQLError('Sign in to do this.', { extensions: { code: 'UNAUTHENTICATED' } });
}

export const forbidden = (): GraphQLError =>
  new GraphQLError('You may not do this.', { extensions: { code: 'FORBIDDEN' } });

export function requireOperator(viewer: Viewer | null): Viewer {
  const known = requireViewer(viewer);
  if (!known.roles.includes('OPERATOR')) throw forbidden();
  return known;
}

/** Whether the viewer works for the shop, in any role or in one of those given. */
export const isStaffOf = (
  viewer: Viewer | null,
  shopId: string,
  allowed: readonly (typeof staffRoles)[number][] = staffRoles,
): boolean =>
  viewer?.memberships.some(
    (membership) => membership.shopId === shopId && allowed.includes(membership.role),
  ) ?? false;

export function requireStaffOf(viewer: Viewer | null, shopId: string): Viewer {
  const known = requireViewer(viewer);
  if (!isStaffOf(known, shopId)) throw forbidden();
  return known;
}
