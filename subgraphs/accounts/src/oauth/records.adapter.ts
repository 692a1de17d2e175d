import { plus, SECOND } from '@vitrine/kernel/clock';
import type { AppTokens } from '@vitrine/platform/app-tokens';
import type { Viewer } from '@vitrine/platform/viewer';
import { type Adapter, type AdapterPayload, errors, Provider } from 'oidc-provider';
import type { App } from '../apps/app.ts';
import type { Grants } from '../grants/grant.ts';
import { clientOf, type KnownScopes } from './app-client.ts';
import type { OAuthRecords } from './oauth-record.store.ts';

/** Two refreshes of one client that cross within so long are a bad line, not a theft. */
const GRACE_MS = 10 * SECOND;

export interface AdapterPorts extends KnownScopes {
  readonly records: OAuthRecords;
  readonly grants: Pick<Grants, 'find' | 'use' | 'end' | 'renewSession'>;
  readonly appOf: (id: string) => Promise<App | null>;
  /** Whom a token of the grant stands for; null where the person or the grant has gone. */
  readonly viewerOf: (grantId: string, scopes: readonly string[]) => Promise<Viewer | null>;
  readonly selfOf: (appId: string, scopes: readonly string[]) => Viewer;
  readonly tokens: AppTokens;
  /** Whether tokens can be put where gateways find them. */
  readonly canPutTokens: () => Promise<boolean>;
  readonly clock: () => Date;
}

const away = (): errors.TemporarilyUnavailable =>
  Object.assign(new errors.TemporarilyUnavailable('try again in a moment'), {
    status: 503,
    statusCode: 503,
  });

const scopesOf = ({ scope }: AdapterPayload): string[] => scope?.split(' ').filter(Boolean) ?? [];

/** What the OAuth server asks of its storage, by the kind of what it stores. */
export function recordsAdapter(ports: AdapterPorts): (kind: string) => Adapter {
  const { records, grants, tokens, clock } = ports;

  const plain = (kind: string): Adapter => ({
    upsert: (id, payload, expiresIn = 0) => records.put(kind, id, payload, expiresIn),
    find: async (id) => (await records.find(kind, id))?.payload,
    findByUid: async (uid) => (await records.findByUid(kind, uid)) ?? undefined,
    findByUserCode: async () => undefined,
    consume: async () => {},
    destroy: (id) => records.remove(kind, id),
    revokeByGrantId: (grantId) => records.removeOfGrant(kind, grantId),
  });

  const clients: Adapter = {
    ...plain('Client'),
    upsert: async () => {
      throw new Error('apps are registered in the graph');
    },
    find: async (id) => {
      const app = await ports.appOf(id);
      return app ? clientOf(app, ports) : undefined;
    },
    destroy: async () => {},
  };

  /** Grants are kept as what people see of them; the server reads and ends them. */
  const consents: Adapter = {
    ...plain('Grant'),
    upsert: async () => {
      throw new Error('grants are agreed to on the page of consent');
    },
    find: async (id) => {
      const grant = await grants.find(id);
      return grant
        ? {
            kind: 'Grant',
            jti: id,
            accountId: grant.userId,
            clientId: grant.appId,
            openid: { scope: grant.scopes.join(' ') },
          }
        : undefined;
    },
    destroy: async (id) => void (await grants.end({ id })),
  };

  /** Once each: of two at the same moment the database lets one through. */
  const usedUp = async (kind: string, id: string): Promise<void> => {
    // Asked before, since what is used up cannot be shown again: an app that gets nothing for its
    // refresh token would come with it once more, and lose the grant.
    if (!(await ports.canPutTokens())) throw away();
    if (!(await records.consume(kind, id))) {
      throw new errors.InvalidGrant('it was used by another request at the same moment');
    }
  };

  const codes: Adapter = {
    ...plain('AuthorizationCode'),
    find: async (id) => {
      const found = await records.find('AuthorizationCode', id);
      return found ? { ...found.payload, consumed: found.consumedAt !== null } : undefined;
    },
    consume: (id) => usedUp('AuthorizationCode', id),
  };

  const refreshTokens: Adapter = {
    ...plain('RefreshToken'),
    find: async (id) => {
      const found = await records.find('RefreshToken', id);
      if (!found) return undefined;
      const { payload, consumedAt } = found;
      if (consumedAt === null) return payload;
      // The server ends the grant for one that was used. What comes right behind the first is
      // refused without that; it is only a second late, and holds nothing that works.
      const isRightBehind = clock() <= plus(consumedAt, GRACE_MS);
      if (isRightBehind && Provider.ctx?.oidc.route === 'token') return undefined;
      return { ...payload, consumed: true };
    },
    consume: (id) => usedUp('RefreshToken', id),
  };

  const accessTokens = (
    kind: 'AccessToken' | 'ClientCredentials',
    viewerOf: (payload: AdapterPayload) => Promise<Viewer | null>,
  ): Adapter => ({
    ...plain(kind),
    upsert: async (id, payload, expiresIn = 0) => {
      const viewer = await viewerOf(payload);
      if (!viewer) throw new errors.InvalidGrant('the person or the grant has gone');
      await records.put(kind, id, payload, expiresIn);
      await tokens.put(id, viewer, new Date(Date.now() + expiresIn * SECOND));
    },
    destroy: async (id) => {
      await tokens.drop(id);
      await records.remove(kind, id);
    },
  });

  const ofPeople: Adapter = {
    ...accessTokens('AccessToken', async (payload) => {
      const { grantId = '' } = payload;
      const viewer = await ports.viewerOf(grantId, scopesOf(payload));
      if (viewer) await grants.use(grantId);
      return viewer;
    }),
    // Tokens are known by their hashes alone, so they end by their session.
    revokeByGrantId: async (grantId) => {
      await records.removeOfGrant('AccessToken', grantId);
      await grants.renewSession(grantId);
    },
  };

  const ofApps = accessTokens('ClientCredentials', async (payload) => {
    const scopes = scopesOf(payload);
    const foreign = scopes.find((scope) => !ports.ownScopes.includes(scope));
    if (foreign) {
      throw new errors.InvalidScope('an app for itself has no such scope', foreign);
    }
    return ports.selfOf(payload.clientId ?? '', scopes);
  });

  const adapters: Readonly<Record<string, Adapter>> = {
    Client: clients,
    Grant: consents,
    AuthorizationCode: codes,
    RefreshToken: refreshTokens,
    AccessToken: ofPeople,
    ClientCredentials: ofApps,
  };
  return (kind) => adapters[kind] ?? plain(kind);
}
