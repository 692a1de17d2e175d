import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Apps } from '../apps/app.ts';
import type { InputProblem } from '../apps/app-input.ts';
import type { Memberships } from '../memberships/membership.ts';
import type { Grant, Grants } from './grant.ts';

/** What an app holds after somebody agreed. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
}

export interface OwnGrantPorts {
  readonly apps: Pick<Apps, 'findMany'>;
  readonly grants: Pick<Grants, 'agree'>;
  readonly memberships: Pick<Memberships, 'findByUsers'>;
  readonly issueTokens: (grant: Grant, scopes: readonly string[]) => Promise<IssuedTokens>;
  readonly isScope: (name: string) => boolean;
}

export interface OwnGrantWish {
  /** Signed in by themselves, which is their consent: it is their app and their account. */
  readonly developerUserId: string;
  readonly appId: string;
  readonly scopes: readonly string[];
  readonly shopIds: readonly string[];
}

export interface OwnGrant {
  readonly grant: Grant;
  readonly tokens: IssuedTokens;
}

/**
 * Lets a developer try an app of theirs on their own account, without a browser. Nobody else can be
 * granted for this way: for other people there is the page of consent, and nothing beside it.
 */
export const grantOwnApp =
  ({ apps, grants, memberships, issueTokens, isScope }: OwnGrantPorts) =>
  async (wish: OwnGrantWish): Promise<Outcome<OwnGrant, readonly InputProblem[] | 'NOT_FOUND'>> => {
    const { developerUserId: userId, appId } = wish;
    const [app] = await apps.findMany([appId]);
    if (app?.developerUserId !== userId) return refuse('NOT_FOUND');
    const own = await memberships.findByUsers([userId]);
    const problems = [
      ...(wish.scopes.length === 0
        ? [{ code: 'SCOPE_MISSING', message: 'Name a scope at least.', path: ['scopes'] }]
        : []),
      ...wish.scopes.flatMap((scope, at) =>
        isScope(scope) && app.scopes.includes(scope)
          ? []
          : [
              {
                code: 'SCOPE_NOT_REGISTERED',
                message: 'The app has not registered this scope.',
                path: ['scopes', at],
              },
            ],
      ),
      ...wish.shopIds.flatMap((shopId, at) =>
        own.some((membership) => membership.shopId === shopId)
          ? []
          : [
              {
                code: 'NOT_YOUR_SHOP',
                message: 'You do not work for this shop.',
                path: ['shopIds', at],
              },
            ],
      ),
    ];
    if (problems.length > 0) return refuse(problems);
    const scopes = [...new Set(wish.scopes)];
    const grant = await grants.agree({ userId, appId, scopes, shopIds: wish.shopIds });
    return accept({ grant, tokens: await issueTokens(grant, scopes) });
  };
