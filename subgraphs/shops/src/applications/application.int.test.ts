import { shopOpened } from '@vitrine/events/shops';
import { MINUTE } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { anOperator, aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { shops } from '../index.ts';
import { applicationModel } from './application.model.ts';

const test = subgraphTest(shops);

const ann = aViewer();
const bob = aViewer({ userId: 'usr_01JNYZ8V4D00000000000000B0' });
const operator = anOperator();

const answers = {
  market: 'GB',
  sellerType: 'LOCAL',
  shopName: 'Kettle & Co',
  businessName: 'Kettle and Company Ltd',
  licenceNumber: 'GB-12345',
  contactEmail: 'ann@example.com',
  returnAddress: { name: 'Kettle', line1: '1 High St', city: 'Leeds' },
};

const APPLICATION = `application {
  id state version shopName submittedAt decidedAt
  applicant { id } market { code } shop { id name currencyCode } rejectionReasons { field message }
  returnAddress { line1 line2 postalCode }
}`;
const ERRORS = '... on UserError { __typename code path retryable }';
/** What only some mutations answer. */
const applied = `userErrors { ${ERRORS} } replayed`;
const moved = `userErrors {
  ${ERRORS}
  ... on ShopApplicationVersionConflictError { current { state version } }
}`;

type Viewer = ReturnType<typeof aViewer>;

async function call(
  subgraph: TestSubgraph,
  field: string,
  input: Record<string, unknown>,
  viewer: Viewer | null,
) {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const rest = field === 'applyForShop' ? applied : moved;
  const { data, errors } = await subgraph.execute(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${APPLICATION} ${rest} } }`,
    { input },
    viewer,
  );
  const [error] = errors ?? [];
  return { ...data?.[field], thrown: error && (error.extensions['code'] ?? error.message) };
}

const apply = (subgraph: TestSubgraph, input: Record<string, unknown> = {}, viewer = ann) =>
  call(subgraph, 'applyForShop', { idempotencyKey: 'key', answers, ...input }, viewer);

/** An application of Ann's that an operator has taken into review. */
async function inReview(subgraph: TestSubgraph) {
  const { application } = await apply(subgraph);
  const input = { applicationId: application.id, expectedVersion: 1 };
  return (await call(subgraph, 'claimShopApplication', input, operator)).application;
}

const review = (
  subgraph: TestSubgraph,
  application: { id: string; version: number },
  verdict: Record<string, unknown>,
  viewer: Viewer | null = operator,
) =>
  call(
    subgraph,
    'reviewShopApplication',
    { applicationId: application.id, expectedVersion: application.version, ...verdict },
    viewer,
  );

const REJECTION = {
  decision: 'REJECT',
  reasons: [{ field: 'LICENCE_NUMBER', message: 'Expired.' }],
};

const codesOf = ({ userErrors }: { userErrors: { code: string }[] }) =>
  userErrors.map(({ code }) => code);

describe('applying for a shop', () => {
  test('sends an application, and the same key gives the same one again', async ({ subgraph }) => {
    const first = await apply(subgraph);
    const again = await apply(subgraph);

    expect(first.userErrors).toEqual([]);
    expect(first.replayed).toBe(false);
    expect(first.application).toMatchObject({
      id: expect.stringMatching(/^app_/),
      state: 'SUBMITTED',
      version: 1,
      applicant: { id: ann.userId },
      market: { code: 'GB' },
      submittedAt: '2026-03-01T12:00:00.000Z',
      decidedAt: null,
      shop: null,
      returnAddress: { line1: '1 High St', line2: null, postalCode: null },
    });
    expect(again).toEqual({ ...first, replayed: true });
  });

  test('refuses a used key with other answers', async ({ subgraph }) => {
    await apply(subgraph);
    const other = await apply(subgraph, { answers: { ...answers, shopName: 'Other' } });
    expect(other.application).toBeNull();
    expect(other.userErrors).toMatchObject([
      { __typename: 'IdempotencyError', code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
  });

  test('gives a person one undecided application per market, however they race', async ({
    subgraph,
  }) => {
    const racers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => apply(subgraph, { idempotencyKey: `key ${index}` })),
    );
    const elsewhere = await apply(subgraph, {
      idempotencyKey: 'elsewhere',
      answers: { ...answers, market: 'ID' },
    });
    const others = await apply(subgraph, {}, bob);

    expect(racers.filter(({ application }) => application !== null)).toHaveLength(1);
    expect(racers.flatMap(codesOf)).toEqual(Array.from({ length: 5 }, () => 'APPLICATION_OPEN'));
    expect([...codesOf(elsewhere), ...codesOf(others)]).toEqual([]);
  });

  test('goes on where it was killed: what it stored under the key is the answer', async ({
    subgraph,
  }) => {
    const first = await apply(subgraph);
    // As after a kill between storing the application and remembering the answer.
    await subgraph.services.db.collection('idempotency_keys').deleteMany({});

    const again = await apply(subgraph);

    expect(again.userErrors).toEqual([]);
    expect(again.application.id).toBe(first.application.id);
  });

  test('reports everything wrong at once and writes nothing', async ({ subgraph }) => {
    const { application, userErrors } = await apply(subgraph, {
      idempotencyKey: '',
      answers: { ...answers, market: 'XX', shopName: 'K', contactEmail: 'ann' },
    });

    expect(application).toBeNull();
    expect(userErrors).toEqual(
      [
        ['IDEMPOTENCY_KEY_MALFORMED', 'idempotencyKey'],
        ['UNKNOWN_MARKET', 'answers', 'market'],
        ['TOO_SHORT', 'answers', 'shopName'],
        ['EMAIL_MALFORMED', 'answers', 'contactEmail'],
      ].map(([code, ...path]) => ({
        __typename: 'InvalidInputError',
        code,
        path: ['input', ...path],
        retryable: false,
      })),
    );
    expect(await applicationModel(subgraph.services.db).countDocuments()).toBe(0);
  });

  test('is for those who are signed in', async ({ subgraph }) => {
    const input = { idempotencyKey: 'key', answers };
    expect((await call(subgraph, 'applyForShop', input, null)).thrown).toBe('UNAUTHENTICATED');
  });
});

describe('a draft', () => {
  test('is sent by its applicant, with all answers anew', async ({ subgraph }) => {
    const { application: draft } = await apply(subgraph, { isDraft: true });
    subgraph.clock.advance(MINUTE);
    const input = {
      applicationId: draft.id,
      expectedVersion: 1,
      answers: { ...answers, shopName: 'Kettles' },
    };

    const theirs = await call(subgraph, 'resubmitShopApplication', input, bob);
    const operators = await call(subgraph, 'resubmitShopApplication', input, operator);
    const own = await call(subgraph, 'resubmitShopApplication', input, ann);

    expect(draft).toMatchObject({ state: 'DRAFT', submittedAt: null });
    expect(codesOf(theirs)).toEqual(['NOT_FOUND']);
    expect(codesOf(operators)).toEqual(['NOT_FOUND']);
    expect(own.application).toMatchObject({
      state: 'SUBMITTED',
      shopName: 'Kettles',
      version: 2,
      submittedAt: '2026-03-01T12:01:00.000Z',
    });
  });

  test('cannot move to a market where another application is open', async ({ subgraph }) => {
    await apply(subgraph);
    const { application } = await apply(subgraph, {
      idempotencyKey: 'other',
      isDraft: true,
      answers: { ...answers, market: 'ID' },
    });

    const answer = await call(
      subgraph,
      'resubmitShopApplication',
      { applicationId: application.id, expectedVersion: 1, answers },
      ann,
    );

    expect(codesOf(answer)).toEqual(['APPLICATION_OPEN']);
  });
});

describe('reviewing', () => {
  test('approves: the shop is open at once and others are told', async ({ subgraph }) => {
    const application = await inReview(subgraph);
    subgraph.clock.advance(MINUTE);

    const { application: approved, userErrors } = await review(subgraph, application, {
      decision: 'APPROVE',
    });

    expect(userErrors).toEqual([]);
    expect(approved).toMatchObject({
      state: 'APPROVED',
      version: 3,
      decidedAt: '2026-03-01T12:01:00.000Z',
      shop: { id: expect.stringMatching(/^shp_/), name: 'Kettle & Co', currencyCode: 'GBP' },
    });
    expect(await subgraph.emitted(shopOpened)).toEqual([
      {
        shopId: approved.shop.id,
        ownerUserId: ann.userId,
        name: 'Kettle & Co',
        market: 'GB',
        currencyCode: 'GBP',
      },
    ]);
  });

  test('by two operators at once opens one shop', async ({ subgraph }) => {
    const application = await inReview(subgraph);

    const both = await Promise.all([
      review(subgraph, application, { decision: 'APPROVE' }),
      review(subgraph, application, { decision: 'APPROVE' }),
      review(subgraph, application, REJECTION),
    ]);

    const lost = both.filter((answer) => answer.application === null);
    expect(lost).toHaveLength(2);
    for (const { userErrors } of lost) {
      expect(userErrors).toMatchObject([
        { code: 'VERSION_CONFLICT', path: ['input', 'expectedVersion'], current: { version: 3 } },
      ]);
    }
    const won = both.find((answer) => answer.application !== null);
    const isOpened = won?.application.state === 'APPROVED';
    expect(await subgraph.emitted(shopOpened)).toHaveLength(isOpened ? 1 : 0);
  });

  test('rejects with reasons; the applicant mends and sends it again', async ({ subgraph }) => {
    const application = await inReview(subgraph);

    const { application: rejected } = await review(subgraph, application, REJECTION);
    const resent = await call(
      subgraph,
      'resubmitShopApplication',
      { applicationId: rejected.id, expectedVersion: 3, answers },
      ann,
    );

    expect(rejected).toMatchObject({ state: 'REJECTED', rejectionReasons: REJECTION.reasons });
    expect(resent.application).toMatchObject({
      state: 'SUBMITTED',
      version: 4,
      rejectionReasons: [],
      decidedAt: null,
    });
    expect(await subgraph.emitted(shopOpened)).toEqual([]);
  });

  test('frees the market for another application once approved', async ({ subgraph }) => {
    await review(subgraph, await inReview(subgraph), { decision: 'APPROVE' });
    expect(codesOf(await apply(subgraph, { idempotencyKey: 'second shop' }))).toEqual([]);
  });

  test('needs a claim first, and a rejection needs reasons', async ({ subgraph }) => {
    const { application } = await apply(subgraph);

    const unclaimed = await review(subgraph, application, { decision: 'APPROVE' });
    const unreasoned = await review(subgraph, application, { decision: 'REJECT' });

    expect(unclaimed.userErrors).toMatchObject([
      { __typename: 'ShopApplicationRefusedError', code: 'NOT_REVIEWABLE' },
    ]);
    expect(codesOf(unreasoned)).toEqual(['REASONS_MISSING']);
  });

  test('is for operators, and not for their own', async ({ subgraph }) => {
    const application = await inReview(subgraph);
    const own = await apply(subgraph, {}, operator);
    const claimed = await call(
      subgraph,
      'claimShopApplication',
      { applicationId: own.application.id, expectedVersion: 1 },
      operator,
    );

    const approval = { decision: 'APPROVE' };
    expect((await review(subgraph, application, approval, ann)).thrown).toBe('FORBIDDEN');
    expect((await review(subgraph, application, approval, null)).thrown).toBe('UNAUTHENTICATED');
    expect(codesOf(claimed)).toEqual(['OWN_APPLICATION']);
  });
});
