import { MINUTE, plus } from '@vitrine/kernel/clock';
import { outboxModel } from '@vitrine/platform/outbox/outbox.model';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { anOperator, aViewer } from '@vitrine/testkit/viewers';
import { decodeJwt } from 'jose';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { sessionModel } from '../sessions/session.model.ts';
import { mailsTo } from '../verification/mailbox.fixture.ts';
import { ANN, call, EMAIL, seedAnn, signedIn, viewerOf } from '../verification/people.fixture.ts';

const test = subgraphTest(accounts);

const operator = anOperator();
const reason = 'A report about a missing parcel';

async function world(subgraph: TestSubgraph) {
  await seedAnn(subgraph, { memberships: [{ shopId: 'shp_1', role: 'OWNER' }] });
  await seedAnn(subgraph, {
    userId: operator.userId,
    email: 'op@example.com',
    handle: 'op',
    displayName: 'Olga',
    roles: ['BUYER', 'OPERATOR'],
    duties: ['REVIEWS', 'FINANCE', 'MODERATION'],
  });
}

const impersonate = (
  subgraph: TestSubgraph,
  input: Record<string, unknown> = {},
  viewer = operator,
) =>
  call(
    subgraph,
    'impersonate',
    { userId: ANN, reason, ...input },
    { fields: 'accessToken accessTokenExpiresAt', viewer },
  );

const LOOK = `{ viewer {
  id
  impersonation { operator { displayName } reason until }
} }`;
const SESSIONS = `{ viewer { sessions(first: 10) { nodes {
  id isCurrent userAgent address hasSecondFactor
  impersonation { operator { displayName } reason }
} } } }`;

describe('an operator who acts as somebody', () => {
  test('gets a token for ten minutes that says so, and has no duty', async ({ subgraph }) => {
    await world(subgraph);

    const { accessToken, accessTokenExpiresAt, codes } = await impersonate(subgraph);

    expect(codes).toEqual([]);
    expect(accessTokenExpiresAt).toBe(plus(subgraph.clock.now(), 10 * MINUTE).toISOString());
    const { iat = 0, exp = 0 } = decodeJwt(accessToken);
    expect(exp - iat).toBeLessThanOrEqual(601);
    expect(await viewerOf(subgraph, accessToken)).toMatchObject({
      userId: ANN,
      impersonatorId: operator.userId,
      roles: ['BUYER'],
      duties: [],
      hasSecondFactor: false,
      memberships: [{ shopId: 'shp_1', role: 'OWNER' }],
    });
  });

  test('is seen by clients, by the person among their sessions, by mail and in the audit log', async ({
    subgraph,
  }) => {
    await world(subgraph);
    const { viewer: ann } = await signedIn(subgraph);
    const { accessToken } = await impersonate(subgraph);
    const asAnn = await viewerOf(subgraph, accessToken);
    const until = plus(subgraph.clock.now(), 10 * MINUTE).toISOString();
    const operatorSeen = { operator: { displayName: 'Olga' }, reason };

    const theirs = await subgraph.execute(LOOK, {}, asAnn);
    const hers = await subgraph.execute(LOOK, {}, ann);
    const sessions = await subgraph.execute(SESSIONS, {}, ann);

    expect(theirs.data).toEqual({ viewer: { id: ANN, impersonation: { ...operatorSeen, until } } });
    expect(hers.data).toEqual({ viewer: { id: ANN, impersonation: null } });
    const nodes = sessions.data?.['viewer'].sessions.nodes;
    expect(nodes).toMatchObject([
      { isCurrent: false, impersonation: operatorSeen },
      { isCurrent: true, impersonation: null },
    ]);
    expect((await mailsTo(subgraph.services, EMAIL))[0]?.text).toContain(reason);
    const audited = await outboxModel(subgraph.services.db)
      .outbox.findOne({ 'payload.action': 'accounts.person-impersonated' })
      .lean();
    expect(audited?.payload).toMatchObject({
      userId: ANN,
      actor: { userId: operator.userId },
      after: { reason },
    });

    const ended = await call(subgraph, 'endSession', { sessionId: nodes[0].id }, { viewer: ann });
    expect(ended.codes).toEqual([]);
    expect((await subgraph.execute(LOOK, {}, asAnn)).data?.['viewer'].impersonation).toBeNull();
  });

  test('leaves the sessions of the person alone and hidden', async ({ subgraph }) => {
    await world(subgraph);
    await signedIn(subgraph);
    const asAnn = await viewerOf(subgraph, (await impersonate(subgraph)).accessToken);

    const { errors } = await subgraph.execute(SESSIONS, {}, asAnn);
    expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    await subgraph.execute('mutation { signOut { endedSessionCount } }', {}, asAnn);
    expect(await sessionModel(subgraph.services.db).countDocuments({ userId: ANN })).toBe(1);
  });

  test('needs a reason, and somebody who is no operator', async ({ subgraph }) => {
    await world(subgraph);
    expect((await impersonate(subgraph, { reason: 'because' })).codes).toEqual(['REASON_LENGTH']);
    expect((await impersonate(subgraph, { reason: 'x'.repeat(501) })).codes).toEqual([
      'REASON_LENGTH',
    ]);
    for (const userId of [operator.userId, 'usr_none']) {
      expect((await impersonate(subgraph, { userId })).codes).toEqual(['NOT_FOUND']);
    }
    expect(await mailsTo(subgraph.services, EMAIL)).toEqual([]);
  });

  test.for([
    ['nobody without the duty', anOperator({ duties: ['REVIEWS', 'FINANCE'] }), 'FORBIDDEN'],
    [
      'nobody without a second factor',
      anOperator({ hasSecondFactor: false }),
      'SECOND_FACTOR_REQUIRED',
    ],
    ['no buyer', aViewer({ hasSecondFactor: true }), 'FORBIDDEN'],
    [
      'no app of an operator',
      anOperator({ appId: 'app_1', scopes: ['profile:read'] }),
      'FORBIDDEN',
    ],
    ['nobody who acts as somebody already', anOperator({ impersonatorId: 'usr_9' }), 'FORBIDDEN'],
  ] as const)('is %s', async ([, viewer, code], { subgraph }) => {
    await world(subgraph);
    await expect(impersonate(subgraph, {}, viewer)).rejects.toMatchObject({
      extensions: { code },
    });
    expect(await sessionModel(subgraph.services.db).countDocuments()).toBe(0);
  });
});
