import { randomUUID } from 'node:crypto';
import { verifyAuditLog } from '@vitrine/accounts/audit/verify-audit.store';
import { DEMO_PASSWORD } from '@vitrine/demo/world/people';
import { profileChanged } from '@vitrine/events/accounts';
import type { Data, GraphClient } from '@vitrine/graph-client/graph-client';
import { subgraphNames } from '@vitrine/platform/subgraph';
import { accessTokens } from '@vitrine/platform/viewer';
import { findText } from '@vitrine/testkit/find-text';
import { aViewer } from '@vitrine/testkit/viewers';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestPlatform, type TestPlatform, TOKEN_SECRET } from './platform.ts';
import { placeOrder, readyToBuy, somethingOnSale } from './scenarios/shopping.ts';

/** Where ids of an erased person stay: they are nobody's any more, and tie together what is kept. */
const KEPT_IDS: Readonly<Record<string, readonly string[]>> = {
  accounts: [
    'audit_entries.actor.userId',
    'audit_entries.people',
    'audit_entries.subject.id',
    'audit_entries.userId',
  ],
  shops: [],
  catalog: [],
  logistics: ['packages.buyerId'],
  orders: ['checkouts.buyerId', 'orders.buyerId'],
  social: ['comments.authorId', 'live_events.body.authorId'],
  affiliate: ['commissions.sale.buyerId', 'contents.authorUserId', 'creators.userId'],
  discovery: [],
};

const NAME = 'Zyxwvut Quaerens';
const STREET = 'Qwertzui Lane 77';
const WORDS = 'plugh xyzzy said aloud';
const errors = 'userErrors { ... on UserError { code } }';

const run = async (client: GraphClient, field: string, type: string, input: Data, fields = '') => {
  const data = await client.run(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} ${errors} } }`,
    { input },
  );
  expect(data[field].userErrors, field).toEqual([]);
  return data[field];
};

const EXPORTS =
  '{ viewer { dataExports { id state downloadUrl expiresAt progress { subgraph state at } } } }';
const ERASE = `mutation ($input: EraseAccountInput!) {
  eraseAccount(input: $input) {
    secret erasure { state progress { subgraph state } }
    userErrors { ... on UserError { code path } ... on ShopsOwnedError { shops { id } } }
  }
}`;
const ERASURE =
  'query ($secret: ID!) { erasure(secret: $secret) { state doneAt progress { subgraph state } } }';

describe('the platform answers for what it holds and does', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startTestPlatform('in-process');
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  const personOf = async () => {
    const demo = platform.world.buyers.at(-1);
    if (!demo) throw new Error('the demo has buyers');
    const { userId } = demo;
    const client = await platform.as(userId);
    const { viewer } = await client.run('{ viewer { email profile { handle version } } }');
    return { userId, client, email: viewer.email as string, ...viewer.profile };
  };
  type Person = Awaited<ReturnType<typeof personOf>>;

  /** Something of the person in every subgraph that knows people. */
  async function live({ client, email, version }: Person): Promise<void> {
    await run(client, 'changeProfile', 'ChangeProfileInput', {
      displayName: NAME,
      expectedVersion: version,
    });
    await platform.settled();
    const offer = somethingOnSale(platform, 'GB');
    const { addAddress } = await client.run(
      `mutation ($input: AddAddressInput!) { addAddress(input: $input) { address { id } ${errors} } }`,
      {
        input: {
          recipient: NAME,
          phone: '+441632960961',
          line1: STREET,
          city: 'Town',
          postalCode: 'AB1 2CD',
          market: 'GB',
        },
      },
    );
    const room = platform.world.rooms.find(({ state }) => state === 'LIVE');
    const placed = await placeOrder(client, {
      ...(await readyToBuy(client, offer, room ? { roomId: room.roomId } : {})),
      shippingAddressId: addAddress.address.id,
    });
    expect(placed['userErrors']).toEqual([]);
    for (const subjectId of [room?.roomId, offer.product.productId]) {
      await run(client, 'postComment', 'PostCommentInput', {
        subjectId,
        text: `${WORDS} by ${NAME}`,
        idempotencyKey: randomUUID(),
      });
    }
    const [other] = platform.world.buyers;
    await run(client, 'followUser', 'FollowUserInput', { userId: other?.userId });
    await run(client, 'publishVideo', 'PublishVideoInput', {
      title: `By ${NAME}`,
      market: 'GB',
      productIds: [offer.product.productId],
      idempotencyKey: randomUUID(),
    });
    await run(client, 'becomeCreator', 'BecomeCreatorInput', {
      displayName: NAME,
      markets: ['GB'],
      idempotencyKey: randomUUID(),
    });
    await run(client, 'applyForShop', 'ApplyForShopInput', {
      idempotencyKey: randomUUID(),
      answers: {
        market: 'GB',
        sellerType: 'LOCAL',
        shopName: 'Lamps',
        businessName: NAME,
        licenceNumber: 'LIC-12345',
        contactEmail: email,
        returnAddress: { name: NAME, line1: STREET, city: 'Town', postalCode: 'AB1 2CD' },
      },
    });
    await client.run(
      `mutation ($input: RecordEventsInput!) { recordEvents(input: $input) { accepted } }`,
      {
        input: {
          clientBatchId: randomUUID(),
          events: [
            {
              kind: 'LIKE',
              productId: offer.product.productId,
              market: 'GB',
              at: new Date().toISOString(),
            },
          ],
        },
      },
    );
    await platform.settled();
  }

  const placesOf = async (needles: readonly string[]) => {
    const all = await Promise.all(
      subgraphNames.map(async (name) => [
        name,
        await findText(platform.services(name).db, needles),
      ]),
    );
    return Object.fromEntries(all) as Record<string, string[]>;
  };

  test('a person gets all that is held of them, and is erased everywhere', async () => {
    const person = await personOf();
    const { client, userId, email, handle } = person;
    await live(person);
    const names = [email, NAME, handle, STREET];
    const before = await placesOf(names);
    expect(
      Object.keys(before)
        .filter((name) => (before[name] ?? []).length > 0)
        .toSorted(),
    ).toEqual(['accounts', 'affiliate', 'orders', 'shops', 'social']);

    await exported(person);

    const wrong = await client.run(ERASE, { input: { password: 'not it' } });
    expect(wrong.eraseAccount).toMatchObject({
      secret: null,
      userErrors: [{ code: 'PASSWORD_WRONG', path: ['input', 'password'] }],
    });
    const { eraseAccount } = await client.run(ERASE, { input: { password: DEMO_PASSWORD } });
    expect(eraseAccount.userErrors).toEqual([]);

    const { signIn } = await platform
      .guest()
      .run(
        'mutation ($input: SignInInput!) { signIn(input: $input) { accessToken userErrors { ... on UserError { code } } } }',
        { input: { email, password: DEMO_PASSWORD } },
      );
    expect(signIn).toEqual({ accessToken: null, userErrors: [{ code: 'INVALID_CREDENTIALS' }] });

    const progress = async () =>
      (await platform.guest().run(ERASURE, { secret: eraseAccount.secret })).erasure;
    await expect.poll(async () => (await progress()).state, { timeout: 30_000 }).toBe('DONE');
    expect((await progress()).progress.map(({ state }: Data) => state)).toEqual(
      Array(8).fill('DONE'),
    );
    expect((await platform.guest().run(ERASURE, { secret: 'guessed' })).erasure).toBeNull();
    await platform.settled();

    const nowhere = Object.fromEntries(subgraphNames.map((name) => [name, []]));
    expect(await placesOf(names)).toEqual(nowhere);
    await nothingComesBack(person);
    expect(await placesOf([...names, WORDS])).toEqual(nowhere);

    const ids = await placesOf([userId]);
    for (const [name, places] of Object.entries(ids)) {
      // Facts are gone from an outbox after a month, and with them what ids they held.
      const lasting = places.filter((place) => !place.startsWith('outbox.'));
      expect(
        lasting.filter((place) => !KEPT_IDS[name]?.includes(place)),
        name,
      ).toEqual([]);
    }
    expect(ids['orders']).toContain('orders.buyerId');
    for await (const { faults } of verifyAuditLog(platform.services('accounts'))) {
      expect(faults).toEqual([]);
    }
  }, 120_000);

  /** What was still on its way when the subgraphs erased is not taken in. */
  async function nothingComesBack({ userId, handle }: Person): Promise<void> {
    for (const name of ['orders', 'social'] as const) {
      const services = platform.services(name);
      await services.queues.get(`${name}.profiles`).add(profileChanged.type, {
        id: services.newId('evt'),
        type: profileChanged.type,
        version: 1,
        aggregateId: userId,
        aggregateVersion: 99,
        occurredAt: new Date().toISOString(),
        payload: { userId, displayName: NAME, handle, avatarUrl: null },
      });
    }
    await platform.settled();
  }

  async function exported({ client, userId, email }: Person): Promise<void> {
    const { requestDataExport } = await client.run(
      `mutation { requestDataExport { dataExport { state } ${errors} } }`,
    );
    expect(requestDataExport.dataExport).toEqual({ state: 'COLLECTING' });
    const again = await client.run(
      `mutation { requestDataExport { dataExport { id } ${errors} } }`,
    );
    expect(again.requestDataExport.userErrors).toEqual([{ code: 'EXPORT_RUNNING' }]);

    const latest = async (): Promise<Data> => (await client.run(EXPORTS)).viewer.dataExports[0];
    await expect.poll(async () => (await latest())['state'], { timeout: 30_000 }).toBe('READY');
    const { downloadUrl } = await latest();
    const tokenOf = (id: string) =>
      accessTokens(TOKEN_SECRET).sign(aViewer({ userId: id, sessionId: 'ses_journey' }));
    const get = async (id: string | null) =>
      request(onGateway(String(downloadUrl)), {
        headers: id === null ? {} : { authorization: `Bearer ${await tokenOf(id)}` },
      });

    expect((await get(null)).statusCode).toBe(401);
    expect((await get('usr_01JNYZ8V4D0000000000BUYER0')).statusCode).toBe(404);
    const answer = await get(userId);
    expect(answer.statusCode).toBe(200);
    // JSON of this very graph's person; each part is asserted below.
    const file = (await answer.body.json()) as Data;
    expect(file['accounts'].account[0].email).toBe(email);
    expect(file['accounts'].account[0].passwordHash).toBeUndefined();
    expect(file['orders'].orders[0].address.line1).toBe(STREET);
    expect(file['social'].comments[0].text).toContain(WORDS);
    expect(file['shops'].applications[0].answers.contactEmail).toBe(email);
    expect(file['affiliate'].creators[0].displayName).toBe(NAME);
    expect(Object.keys(file)).toEqual(
      expect.arrayContaining(['catalog', 'logistics', 'discovery', 'exportedAt']),
    );
    expect((await get(userId)).statusCode).toBe(429);
  }

  /** The link says where the platform is known to be; the test's is elsewhere. */
  const onGateway = (url: string): string => {
    const { pathname, search } = new URL(url);
    return new URL(`${pathname}${search}`, platform.running.url).href;
  };

  test('who owns a shop is told to transfer it first, and keeps the account', async () => {
    const [shop] = platform.world.shops;
    if (!shop) throw new Error('the demo has shops');
    const owner = await platform.as(shop.ownerUserId);

    const { eraseAccount } = await owner.run(ERASE, { input: { password: DEMO_PASSWORD } });

    expect(eraseAccount.userErrors[0]).toMatchObject({ code: 'SHOPS_OWNED' });
    expect(eraseAccount.userErrors[0].shops).toContainEqual({ id: shop.shopId });
    expect((await owner.run('{ viewer { id } }')).viewer).toEqual({ id: shop.ownerUserId });
  });

  test('who changes a shop is in its log, with what changed and from where', async () => {
    const shop = platform.world.shops.at(-1);
    if (!shop) throw new Error('the demo has shops');
    const { shopId } = shop;
    const owner = await platform.as(shop.ownerUserId, {
      memberships: [{ shopId, role: 'OWNER' }],
    });
    const { shop: before } = await owner.run(
      'query ($id: ID!) { shop(id: $id) { name version } }',
      {
        id: shopId,
      },
    );
    await run(owner, 'editShop', 'EditShopInput', {
      shopId,
      expectedVersion: before.version,
      name: 'Lamps and Lanterns',
    });
    await platform.settled();

    const LOG = `query ($id: ID!) { shop(id: $id) { auditLog(first: 1) { nodes {
      action subject { type id } actor { kind profile { id } } changes { field before after }
      origin { address } requestId
    } } } }`;
    const { shop: seen } = await owner.run(LOG, { id: shopId });
    expect(seen.auditLog.nodes).toEqual([
      {
        action: 'shops.shop-edited',
        subject: { type: 'Shop', id: shopId },
        actor: { kind: 'PERSON', profile: { id: shop.ownerUserId } },
        changes: [
          {
            field: 'name',
            before: JSON.stringify(before.name),
            after: '"Lamps and Lanterns"',
          },
        ],
        origin: { address: expect.stringMatching(/127\.0\.0\.1|::1/) },
        requestId: expect.stringMatching(/^[\w.-]+$/),
      },
    ]);
    const [other] = platform.world.buyers;
    const stranger = await platform.as(other?.userId ?? '');
    expect((await stranger.run(LOG, { id: shopId })).shop.auditLog).toBeNull();
  });
});
