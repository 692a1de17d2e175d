import { MINUTE } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { anOperator, aViewer } from '@vitrine/testkit/viewers';
import { expect } from 'vitest';
import { shops } from '../index.ts';

const test = subgraphTest(shops);

const ann = aViewer();
const bob = aViewer({ userId: 'usr_01JNYZ8V4D00000000000000B0' });
const operator = anOperator();
type Viewer = ReturnType<typeof aViewer>;

async function apply(
  subgraph: TestSubgraph,
  viewer: Viewer,
  { market = 'GB', isDraft = false }: { readonly market?: string; readonly isDraft?: boolean } = {},
) {
  const answers = {
    market,
    sellerType: 'LOCAL',
    shopName: 'Kettle & Co',
    businessName: 'Kettle and Company Ltd',
    licenceNumber: 'GB-12345',
    contactEmail: 'ann@example.com',
    returnAddress: { name: 'Kettle', line1: '1 High St', city: 'Leeds' },
  };
  const { data } = await subgraph.execute(
    `mutation ($input: ApplyForShopInput!) {
      applyForShop(input: $input) { application { id submittedAt } }
    }`,
    { input: { idempotencyKey: market, answers, isDraft } },
    viewer,
  );
  return data?.['applyForShop'].application;
}

test('applications are seen by their applicant and by operators only', async ({ subgraph }) => {
  const application = await apply(subgraph, ann);
  const r = [{ __typename: 'ShopApplication', id: application.id }];
  const query = `query ($id: ID!, $r: [_Any!]!) {
      shopApplication(id: $id) { id }
      _entities(representations: $r) { ... on ShopApplication { id } }
    }`;
  const seen = async (viewer: Viewer | null) => {
    const { data } = await subgraph.execute(query, { id: application.id, r }, viewer);
    return [data?.['shopApplication'] !== null, data?.['_entities'][0] !== null];
  };

  expect(await seen(ann)).toEqual([true, true]);
  expect(await seen(operator)).toEqual([true, true]);
  expect(await seen(bob)).toEqual([false, false]);
  expect(await seen(null)).toEqual([false, false]);
});

test('applications wait for operators in the order they were sent, drafts left out', async ({
  subgraph,
}) => {
  await apply(subgraph, bob);
  subgraph.clock.advance(MINUTE);
  const second = await apply(subgraph, ann);
  await apply(subgraph, ann, { market: 'ID', isDraft: true });
  const query = `query ($states: [ShopApplicationState!]!, $from: DateTime, $after: String) {
      shopApplications(states: $states, submittedFrom: $from, first: 1, after: $after) {
        nodes { applicant { id } }
        pageInfo { hasNextPage endCursor }
      }
    }`;
  const page = async (variables: Record<string, unknown>, viewer: Viewer | null = operator) => {
    const states = ['DRAFT', 'SUBMITTED'];
    const { data, errors } = await subgraph.execute(query, { states, ...variables }, viewer);
    return data?.['shopApplications'] ?? errors?.[0]?.extensions['code'];
  };

  const first = await page({});
  const next = await page({ after: first.pageInfo.endCursor });
  const late = await page({ from: second.submittedAt });

  expect(first.nodes).toEqual([{ applicant: { id: bob.userId } }]);
  expect(next.nodes).toEqual([{ applicant: { id: ann.userId } }]);
  expect(next.pageInfo.hasNextPage).toBe(false);
  expect(late.nodes).toEqual([{ applicant: { id: ann.userId } }]);
  expect(await page({}, ann)).toBe('FORBIDDEN');
  expect(await page({}, null)).toBe('UNAUTHENTICATED');
});

test('applications of a viewer are their own, newest first', async ({ subgraph }) => {
  await apply(subgraph, ann);
  subgraph.clock.advance(MINUTE);
  await apply(subgraph, ann, { market: 'ID', isDraft: true });
  const own = async (viewer: Viewer | null) => {
    const { data } = await subgraph.execute(
      `query ($r: [_Any!]!) { _entities(representations: $r) {
          ... on Viewer { shopApplications(first: 10) { nodes { market { code } state } } }
        } }`,
      { r: [{ __typename: 'Viewer', id: ann.userId }] },
      viewer,
    );
    return data?.['_entities'][0].shopApplications;
  };

  expect((await own(ann)).nodes).toEqual([
    { market: { code: 'ID' }, state: 'DRAFT' },
    { market: { code: 'GB' }, state: 'SUBMITTED' },
  ]);
  expect(await own(bob)).toBeNull();
  expect(await own(null)).toBeNull();
});
