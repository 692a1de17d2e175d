import { timingSafeEqual } from 'node:crypto';
import { plus, SECOND } from '@vitrine/kernel/clock';
import { appTokens } from '@vitrine/platform/app-tokens';
import { ownScopes, scopeNames } from '@vitrine/platform/scopes';
import type { Services } from '@vitrine/platform/services';
import type { Provider } from 'oidc-provider';
import { type AppSecrets, type Apps, validHashes } from '../apps/app.ts';
import { errorPage } from '../consent/error.page.ts';
import { appViewer, selfViewer } from '../grants/app-viewer.ts';
import type { Grant, Grants } from '../grants/grant.ts';
import type { IssuedTokens } from '../grants/grant-own-app.ts';
import type { Memberships } from '../memberships/membership.ts';
import { documentOf } from '../pages/document.page.ts';
import type { People } from '../people/person.ts';
import { type OAuthRecords, oauthRecords } from './oauth-record.store.ts';
import { ACCESS_SECONDS, openProvider } from './provider.oidc.ts';

export interface OAuthStores {
  readonly apps: Pick<Apps, 'findMany'>;
  readonly grants: Grants;
  readonly people: Pick<People, 'findMany'>;
  readonly memberships: Pick<Memberships, 'findByUsers'>;
  readonly secrets: AppSecrets;
  readonly isScope: (name: string) => boolean;
}

export interface OAuth {
  readonly records: OAuthRecords;
  /** The authorization server under an address. */
  readonly open: (issuer: string) => Provider;
  /** Tokens for a grant that was agreed to otherwise than by a code. */
  readonly issueTokens: (grant: Grant, scopes: readonly string[]) => Promise<IssuedTokens>;
}

export function openOAuth(
  services: Pick<Services, 'db' | 'clock' | 'redis' | 'env' | 'logger'>,
  { apps, grants, people, memberships, secrets, isScope }: OAuthStores,
): OAuth {
  const { clock, redis, env, logger } = services;
  const records = oauthRecords(services);
  const appOf = async (id: string) => (await apps.findMany([id]))[0] ?? null;

  const open = (issuer: string): Provider =>
    openProvider(issuer, {
      records,
      grants,
      appOf,
      isScope,
      ownScopes,
      clock,
      scopeNames,
      tokens: appTokens(redis, env.NAMESPACE),
      canPutTokens: () =>
        redis.ping().then(
          () => true,
          () => false,
        ),
      tokenSecret: env.TOKEN_SECRET,
      async viewerOf(grantId, scopes) {
        const grant = await grants.find(grantId);
        if (!grant) return null;
        const [[person], own] = await Promise.all([
          people.findMany([grant.userId]),
          memberships.findByUsers([grant.userId]),
        ]);
        return person ? appViewer(grant, scopes, person, own) : null;
      },
      selfOf: selfViewer,
      hasAccount: async (userId) => (await people.findMany([userId])).length > 0,
      async isRightSecret(appId, secret) {
        const app = await appOf(appId);
        const hash = Buffer.from(secrets.hash(secret));
        return validHashes(app ?? { secrets: [] }, clock()).some((valid) =>
          timingSafeEqual(Buffer.from(valid), hash),
        );
      },
      errorPage: (problem) => documentOf(errorPage(problem)),
      onServerError: (error) => logger.error({ err: error }, 'the OAuth server failed'),
    });

  let issuing: Provider | null = null;

  return {
    records,
    open,
    async issueTokens({ id: grantId, userId: accountId, appId }, scopes) {
      // Opaque tokens name no issuer, so any will do.
      issuing ??= open('http://localhost');
      const client = await issuing.Client.find(appId);
      if (!client) throw new Error(`there is no app ${appId}`);
      const token = { accountId, client, grantId, scope: scopes.join(' ') };
      const access = new issuing.AccessToken({ ...token, gty: 'authorization_code' });
      const refresh = new issuing.RefreshToken({
        ...token,
        gty: 'authorization_code',
        rotations: 0,
      });
      return {
        accessToken: await access.save(),
        accessTokenExpiresAt: plus(new Date(), ACCESS_SECONDS * SECOND),
        refreshToken: await refresh.save(),
      };
    },
  };
}
