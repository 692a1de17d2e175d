import { describe } from 'vitest';
import { appTokens, tokenHashOf } from './app-tokens.ts';
import { readRightsChange, rightsStream } from './rights.ts';
import { test } from './services.fixture.ts';
import type { Viewer } from './viewer.ts';

const app: Viewer = {
  kind: 'APP',
  userId: 'app_1',
  appId: 'app_1',
  sessionId: 'app_1',
  roles: [],
  duties: [],
  hasSecondFactor: false,
  scopes: ['products:read'],
  memberships: [],
};

const inAnHour = () => new Date(Date.now() + 3_600_000);

describe('an opaque token', () => {
  test('stands for its viewer until it expires', async ({ world, expect }) => {
    const { redis, env } = world.services;
    const tokens = appTokens(redis, env.NAMESPACE);
    const expiresAt = inAnHour();
    await tokens.put('a-token', app, expiresAt);
    await tokens.put('an-old-token', app, new Date(Date.now() - 1));

    expect(await tokens.find('a-token')).toEqual({
      viewer: app,
      issuedAt: expect.any(Number),
      expiresAt: expiresAt.getTime(),
    });
    expect(await tokens.find('an-old-token')).toBeNull();
    expect(await tokens.find('another-token')).toBeNull();
    const ttl = await redis.pttl(`${env.NAMESPACE}:accounts:app-token:${tokenHashOf('a-token')}`);
    expect(ttl).toBeGreaterThan(3_500_000);
  });

  test('is nowhere in Redis as it is', async ({ world, expect }) => {
    const { redis, env } = world.services;
    await appTokens(redis, env.NAMESPACE).put('a-secret-token', app, inAnHour());
    const keys = await redis.keys(`${env.NAMESPACE}:*`);
    const values = await redis.mget(keys);
    expect(keys).toHaveLength(1);
    expect(JSON.stringify([keys, values])).not.toContain('a-secret-token');
  });

  test('is another platform’s there alone', async ({ world, expect }) => {
    const { redis, env } = world.services;
    await appTokens(redis, env.NAMESPACE).put('a-token', app, inAnHour());
    expect(await appTokens(redis, `${env.NAMESPACE}x`).find('a-token')).toBeNull();
  });

  test('that is dropped is gone, and gateways that know it are told', async ({ world, expect }) => {
    const { redis, env } = world.services;
    const tokens = appTokens(redis, env.NAMESPACE);
    await tokens.put('a-token', app, inAnHour());
    await tokens.drop('a-token');
    await tokens.drop('a-token');

    expect(await tokens.find('a-token')).toBeNull();
    const entries = await redis.xrange(rightsStream(env.NAMESPACE), '-', '+');
    expect(entries.map(([, fields]) => readRightsChange(fields))).toEqual([
      {
        kind: 'TOKEN_ENDED',
        userId: app.userId,
        tokenHash: tokenHashOf('a-token'),
        at: expect.any(Number),
      },
    ]);
  });
});
