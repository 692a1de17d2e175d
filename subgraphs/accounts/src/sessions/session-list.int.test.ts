import { DAY, MINUTE, SECOND } from '@vitrine/kernel/clock';
import { outboxModel } from '@vitrine/platform/outbox/outbox.model';
import type { Viewer } from '@vitrine/platform/viewer';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { call, refresh, seedAnn, signedIn } from '../verification/people.fixture.ts';
import { sessionModel } from './session.model.ts';

const test = subgraphTest(accounts);

const LIST = `query ($first: Int, $after: String) { viewer { sessions(first: $first, after: $after) {
  nodes { id isCurrent userAgent address createdAt lastSeenAt expiresAt hasSecondFactor impersonation { reason } }
  pageInfo { hasNextPage endCursor }
} } }`;

const list = async (subgraph: TestSubgraph, viewer: Viewer, args = { first: 10 }) =>
  (await subgraph.execute(LIST, args, viewer)).data?.['viewer'].sessions;

const end = (subgraph: TestSubgraph, viewer: Viewer, sessionId: string) =>
  call(subgraph, 'endSession', { sessionId }, { fields: 'endedSessionId', viewer });

describe("a person's sessions", () => {
  test('are listed with the one seen last first, and which one asks', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const phone = await signedIn(subgraph);
    subgraph.clock.advance(MINUTE);
    const laptop = await signedIn(subgraph);
    subgraph.clock.advance(MINUTE);
    await refresh(subgraph, phone.refreshToken);

    const { nodes } = await list(subgraph, laptop.viewer);

    const now = subgraph.clock.now().getTime();
    expect(nodes).toMatchObject([
      {
        id: phone.viewer.sessionId,
        isCurrent: false,
        createdAt: new Date(now - 2 * MINUTE).toISOString(),
        lastSeenAt: new Date(now).toISOString(),
        expiresAt: new Date(now + 30 * DAY).toISOString(),
        hasSecondFactor: false,
        impersonation: null,
      },
      { id: laptop.viewer.sessionId, isCurrent: true },
    ]);
  });

  test('say where they were seen, as far as that is known', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const { viewer } = await signedIn(subgraph);
    expect((await list(subgraph, viewer)).nodes[0]).toMatchObject({
      address: null,
      userAgent: null,
    });
    const client = { address: '192.0.2.7', userAgent: 'Phone 1.0' };
    await sessionModel(subgraph.services.db).updateOne({}, { $set: { client } });
    expect((await list(subgraph, viewer)).nodes[0]).toMatchObject(client);
  });

  test('go on that were opened before all of this was known', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const { viewer, refreshToken } = await signedIn(subgraph);
    const later = { client: 1, lastSeenAt: 1, hasSecondFactor: 1, impersonation: 1 } as const;
    await sessionModel(subgraph.services.db).collection.updateMany({}, { $unset: later });

    expect((await list(subgraph, viewer)).nodes).toMatchObject([
      { isCurrent: true, address: null, hasSecondFactor: false, impersonation: null },
    ]);
    expect((await refresh(subgraph, refreshToken)).codes).toEqual([]);
  });

  test('come in pages, without those that are over', async ({ subgraph }) => {
    await seedAnn(subgraph);
    await signedIn(subgraph);
    subgraph.clock.advance(30 * DAY);
    const all = [];
    for (let n = 0; n < 3; n += 1) {
      all.unshift((await signedIn(subgraph)).viewer);
      subgraph.clock.advance(SECOND);
    }
    const [viewer] = all;
    if (!viewer) throw new Error('three signed in');

    const first = await list(subgraph, viewer, { first: 2 });
    const after = { first: 2, after: first.pageInfo.endCursor };
    const rest = await list(subgraph, viewer, after);

    const ids = [...first.nodes, ...rest.nodes].map(({ id }: { id: string }) => id);
    expect(ids).toEqual(all.map(({ sessionId }) => sessionId));
    expect(rest.pageInfo.hasNextPage).toBe(false);
  });

  test('end one by one, at once, and are told in the audit log', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const here = await signedIn(subgraph);
    const lost = await signedIn(subgraph);

    expect(await end(subgraph, here.viewer, lost.viewer.sessionId)).toMatchObject({
      endedSessionId: lost.viewer.sessionId,
      codes: [],
    });

    expect((await refresh(subgraph, lost.refreshToken)).codes).toEqual(['SESSION_ENDED']);
    expect((await refresh(subgraph, here.refreshToken)).codes).toEqual([]);
    expect((await end(subgraph, here.viewer, lost.viewer.sessionId)).codes).toEqual(['NOT_FOUND']);
    const audited = await outboxModel(subgraph.services.db)
      .outbox.find({ 'payload.action': 'accounts.sessions-ended' })
      .lean();
    expect(audited.map(({ payload }) => payload)).toMatchObject([
      { subject: { type: 'Session', id: lost.viewer.sessionId } },
    ]);
  });

  test("are nobody else's to end, which looks as if there were none", async ({ subgraph }) => {
    await seedAnn(subgraph);
    const { viewer, refreshToken } = await signedIn(subgraph);
    const stranger = aViewer({ userId: 'usr_01JNYZ8V4D0000000000STRANG' });
    const theirs = await end(subgraph, stranger, viewer.sessionId);
    expect(theirs).toEqual(await end(subgraph, stranger, 'ses_none'));
    expect(theirs.codes).toEqual(['NOT_FOUND']);
    expect((await refresh(subgraph, refreshToken)).codes).toEqual([]);
  });

  test('that end because a token came twice are told in the audit log', async ({ subgraph }) => {
    await seedAnn(subgraph);
    const { refreshToken } = await signedIn(subgraph);
    await refresh(subgraph, refreshToken);
    subgraph.clock.advance(MINUTE);
    expect((await refresh(subgraph, refreshToken)).codes).toEqual(['REFRESH_TOKEN_REUSED']);
    const audited = await outboxModel(subgraph.services.db)
      .outbox.findOne({ 'payload.action': 'accounts.session-revoked' })
      .lean();
    expect(audited?.payload).toMatchObject({ after: { reason: 'REFRESH_REUSED' } });
  });
});
