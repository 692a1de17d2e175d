import { loaderById } from '@vitrine/platform/loaders';
import { scopeNames } from '@vitrine/platform/scopes';
import type { Services } from '@vitrine/platform/services';
import { grantStore } from '../grants/grant.store.ts';
import { grantOwnApp } from '../grants/grant-own-app.ts';
import type { Memberships } from '../memberships/membership.ts';
import { openOAuth } from '../oauth/oauth.services.ts';
import type { People } from '../people/person.ts';
import type { TellGateways } from '../sessions/rights.redis.ts';
import { webhookStore } from '../webhooks/webhook.store.ts';
import { appStore } from './app.store.ts';
import { randomAppSecrets as secrets } from './app-secrets.sha256.ts';
import { deleteApp, editApp, registerApp, rotateAppSecret } from './change-app.ts';

export interface AppsPorts {
  readonly people: Pick<People, 'findMany'>;
  readonly memberships: Pick<Memberships, 'findByUsers'>;
  readonly tell: TellGateways;
}

const isScope = (name: string): boolean => scopeNames.includes(name);

/** Apps, what people granted them, and the tokens that come of it. */
export function openApps(services: Services, { people, memberships, tell }: AppsPorts) {
  const { clock, newId } = services;
  const grants = grantStore(services, tell);
  const apps = appStore(services, async (appId, tx) => {
    await grants.endOfApp(appId, tx);
    await webhookStore(services).removeOfApp(appId, tx);
    // What it holds for itself belongs to nobody's grant.
    tell.ended(tx, appId, 'ALL');
  });
  const oauth = openOAuth(services, { apps, grants, people, memberships, secrets, isScope });
  const ports = { apps, secrets, isScope, clock, newId };
  return {
    apps,
    grants,
    oauth,
    useCases: {
      registerApp: registerApp(ports),
      editApp: editApp(ports),
      rotateAppSecret: rotateAppSecret(ports),
      deleteApp: deleteApp(ports),
      grantOwnApp: grantOwnApp({
        apps,
        grants,
        memberships,
        issueTokens: oauth.issueTokens,
        isScope,
      }),
    },
    appById: () => loaderById(apps.findMany, ({ id }) => id),
  };
}
