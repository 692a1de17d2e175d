import { appTokens } from '@vitrine/platform/app-tokens';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import * as oauth from 'oauth4webapi';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import {
  agree,
  ask,
  authorize,
  errorOf,
  insecure,
  people,
  redeem,
  refresh,
  runOAuth,
  shopIds,
} from './oauth-server.fixture.ts';

const test = subgraphTest(accounts);

const viewerOf = async ({ services }: TestSubgraph, token: string) =>
  (await appTokens(services.redis, services.env.NAMESPACE).find(token))?.viewer ?? null;

describe.for(['CONFIDENTIAL', 'PUBLIC'] as const)('a %s app', (kind) => {
  test('gets tokens for a person who agrees, and refreshes them', async ({ subgraph }) => {
    const server = await runOAuth(subgraph);
    const client = await server.client(kind);

    const first = await authorize(client);
    const second = await refresh(client, first.refresh_token ?? '');

    expect(first).toMatchObject({ token_type: 'bearer', scope: 'stock:read stock:write' });
    expect(first.expires_in).toBe(900);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    for (const { access_token } of [first, second]) {
      expect(await viewerOf(subgraph, access_token)).toMatchObject({
        kind: 'PERSON',
        userId: people.seller,
        appId: client.client.client_id,
        roles: ['BUYER'],
        hasSecondFactor: false,
        scopes: ['stock:read', 'stock:write'],
        memberships: [{ shopId: shopIds.batik, role: 'OWNER' }],
      });
    }
  });
});
