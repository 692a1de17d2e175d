import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { signedTokens } from './keys.ts';
import type { Scope } from './scopes.ts';

export const roles = ['BUYER', 'CREATOR', 'OPERATOR'] as const;
export const staffRoles = ['OWNER', 'MANAGER', 'AGENT'] as const;
export type StaffRole = (typeof staffRoles)[number];
/** What an operator is entrusted with; each is given on its own. */
export const operatorDuties = ['REVIEWS', 'FINANCE', 'MODERATION'] as const;
export type OperatorDuty = (typeof operatorDuties)[number];

/** What a viewer looks like wherever one is read from outside the process. */
export const viewerClaims = z.object({
  /**
   * `PERSON`: somebody with an account, also where an app acts in their name. `APP`: an app for
   * itself, without a person. `GUEST`: a visitor without an account who keeps a cart.
   */
  kind: z.enum(['PERSON', 'APP', 'GUEST']).default('PERSON'),
  /** `usr_…` of the person, `tpa_…` of an app for itself, `gst_…` of a guest. */
  userId: z.string(),
  sessionId: z.string(),
  /** The app that acts, in the person's name or for itself; absent where the person does. */
  appId: z.string().optional(),
  /** The operator who acts as this person to help them; absent where the person does. */
  impersonatorId: z.string().optional(),
  roles: z.array(z.enum(roles)),
  /** What an operator may do; empty for everybody else. */
  duties: z.array(z.enum(operatorDuties)).default([]),
  /** The session was opened with a one-time password beside the password. */
  hasSecondFactor: z.boolean().default(false),
  /** What the app was granted; empty where no app acts. */
  scopes: z.array(z.string()),
  memberships: z.array(z.object({ shopId: z.string(), role: z.enum(staffRoles) })),
});

/** Who is asking: what an access token stands for, as the gateway has verified it. */
export type Viewer = z.infer<typeof viewerClaims>;

/** Where a request came from, as the gateway saw it. */
export interface Origin {
  /** The client's address, behind trusted proxies the one they tell. */
  readonly address: string;
  /** What it calls itself; null where it does not, at most 256 characters. */
  readonly userAgent: string | null;
}

/** Carries who is asking from the gateway to a remote subgraph. */
export const VIEWER_HEADER = 'x-vitrine-viewer';

/** What the viewer header says. */
export interface Asking {
  /** Null for a guest without a token. */
  readonly viewer: Viewer | null;
  /** Null where it is nobody's in particular, such as of a stream that many clients share. */
  readonly origin: Origin | null;
}

const askingClaims = z.object({
  viewer: viewerClaims.nullable(),
  origin: z.object({ address: z.string(), userAgent: z.string().nullable() }).nullable(),
});

export interface ViewerSigner {
  sign(asking: Asking): Promise<string>;
  /** Throws `VIEWER_HEADER_REFUSED` for a header that is forged, expired or malformed. */
  verify(header: string): Promise<Asking>;
}

/**
 * The header that tells a remote subgraph who is asking, guests included: without it a subgraph
 * answers nobody. Lives for a minute: long enough for one operation, useless when logged. `secrets`
 * (`new,old`) are shared by the gateway and the subgraphs only.
 */
export function viewerSigner(secrets: string): ViewerSigner {
  const tokens = signedTokens(secrets, { audience: 'vitrine:subgraph', lifetimeSeconds: 60 });
  return {
    sign: ({ viewer, origin }) => tokens.sign({ viewer, origin }),
    async verify(header) {
      try {
        return askingClaims.parse(await tokens.verify(header));
      } catch {
        throw viewerHeaderRefused();
      }
    },
  };
}

export const viewerHeaderRefused = (): GraphQLError =>
  new GraphQLError('Only the gateway is answered, by the header it signs.', {
    extensions: { code: 'VIEWER_HEADER_REFUSED' },
  });

export const ACCESS_TOKEN_SECONDS = 15 * 60;

export interface ViewerTokens {
  /** Good for fifteen minutes, or for less. */
  sign(viewer: Viewer, options?: { readonly lifetimeSeconds: number }): Promise<string>;
  /** The viewer of a token; throws `UNAUTHENTICATED` for one that is forged, expired or malformed. */
  verify(token: string): Promise<Viewer>;
}

/** What clients send as `Authorization: Bearer`: issued by accounts, verified by the gateway. */
export function accessTokens(secrets: string): ViewerTokens {
  const tokens = signedTokens(secrets, {
    audience: 'vitrine:gateway',
    lifetimeSeconds: ACCESS_TOKEN_SECONDS,
  });
  return {
    sign: (viewer, options) => tokens.sign({ viewer }, options),
    async verify(token) {
      try {
        return viewerClaims.parse((await tokens.verify(token))['viewer']);
      } catch {
        throw new GraphQLError('The token is not valid or has expired; sign in again.', {
          extensions: { code: 'UNAUTHENTICATED' },
        });
      }
    },
  };
}

/**
 * The person who asks, or a top-level error: `UNAUTHENTICATED` for a guest, `FORBIDDEN` for an app
 * that acts for itself.
 */
export function requireViewer(viewer: Viewer | null): Viewer {
  if (!viewer || viewer.kind === 'GUEST') {
    throw new GraphQLError('Sign in to do this.', { extensions: { code: 'UNAUTHENTICATED' } });
  }
  if (viewer.kind === 'APP') throw forbidden();
  return viewer;
}

/**
 * The person where no operator acts as them: for what costs them money or cannot be undone. An app
 * in their name may, by its scopes.
 */
export function requireUnassisted(viewer: Viewer | null): Viewer {
  const known = requireViewer(viewer);
  if (known.impersonatorId !== undefined) throw forbidden();
  return known;
}

/** The person themself, neither through an app nor through an operator: for what opens their account. */
export function requireSelf(viewer: Viewer | null): Viewer {
  const known = requireUnassisted(viewer);
  if (known.appId !== undefined || known.scopes.length > 0) throw forbidden();
  return known;
}

/** A person, or a guest who holds a guest token: whoever may fill a cart. */
export function requireShopper(viewer: Viewer | null): Viewer {
  return viewer?.kind === 'GUEST' ? viewer : requireViewer(viewer);
}

/** The app that asks, for itself or in a person's name. */
export function requireApp(viewer: Viewer | null): Viewer & { readonly appId: string } {
  if (viewer?.appId === undefined) {
    requireViewer(viewer);
    throw forbidden();
  }
  return { ...viewer, appId: viewer.appId };
}

export const forbidden = (): GraphQLError =>
  new GraphQLError('You may not do this.', { extensions: { code: 'FORBIDDEN' } });

/** The person, where their session was opened with a one-time password; else `SECOND_FACTOR_REQUIRED`. */
export function requireSecondFactor(viewer: Viewer | null): Viewer {
  const known = requireViewer(viewer);
  if (known.hasSecondFactor) return known;
  throw new GraphQLError('Sign in with a one-time password to do this.', {
    extensions: { code: 'SECOND_FACTOR_REQUIRED' },
  });
}

/** An operator who is entrusted with the duty and signed in with a second factor. No app is one. */
export function requireOperator(viewer: Viewer | null, duty: OperatorDuty): Viewer {
  const known = requireViewer(viewer);
  if (!hasDuty(known, duty)) throw forbidden();
  return requireSecondFactor(known);
}

/** No app has one, nor has an operator while they act as somebody else. */
const hasDuty = (viewer: Viewer, duty: OperatorDuty): boolean =>
  viewer.appId === undefined &&
  viewer.impersonatorId === undefined &&
  viewer.roles.includes('OPERATOR') &&
  viewer.duties.includes(duty);

/** The same as a question, for what others see as if it did not exist. */
export const isOperatorFor = (viewer: Viewer | null, duty: OperatorDuty): boolean =>
  viewer?.hasSecondFactor === true && hasDuty(viewer, duty);

/** Staff who run a shop. An agent serves its customers and orders, and changes nothing of the shop. */
export const managers = ['OWNER', 'MANAGER'] as const;

/** Whether the viewer works for the shop, in any role or in one of those given. */
export const isStaffOf = (
  viewer: Viewer | null,
  shopId: string,
  allowed: readonly StaffRole[] = staffRoles,
): boolean =>
  viewer?.memberships.some(
    (membership) => membership.shopId === shopId && allowed.includes(membership.role),
  ) ?? false;

export function requireStaffOf(
  viewer: Viewer | null,
  shopId: string,
  allowed: readonly StaffRole[] = staffRoles,
): Viewer {
  const known = requireViewer(viewer);
  if (!isStaffOf(known, shopId, allowed)) throw forbidden();
  return known;
}

/**
 * Whether an app was granted the scope; true where no app acts. For what directives cannot say: that
 * an app sees less of something that everybody sees a part of.
 */
export const hasScope = (viewer: Viewer | null, scope: Scope): boolean =>
  viewer === null ||
  (viewer.appId === undefined && viewer.kind !== 'APP' && viewer.scopes.length === 0) ||
  viewer.scopes.includes(scope);
