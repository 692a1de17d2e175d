import { subgraphTest } from '@vitrine/testkit/subgraph';
import { aBuyer, run } from '../../test/world.ts';
import { orders } from '../index.ts';
import { seedBuyers } from '../seed.ts';

const test = subgraphTest(orders);
const anna = aBuyer();

const good = {
  recipient: 'Anna Berg',
  phone: '+49 30 123456',
  line1: 'Torstraße 1',
  city: 'Berlin',
  market: 'DE',
};
const mine = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Viewer {
  addresses { id recipient line1 } paymentMethods { id provider } } } }`;
const of = [{ __typename: 'Viewer', id: anna.userId }];

test('twenty-five calls at once keep twenty addresses', async ({ subgraph, expect }) => {
  const answers = await Promise.all(
    Array.from({ length: 25 }, () => run(subgraph, 'addAddress', { input: good }, anna)),
  );

  const refused = answers.filter(({ address }) => address === null);
  expect(refused).toHaveLength(5);
  for (const { userErrors } of refused) {
    expect(userErrors).toMatchObject([{ code: 'ADDRESS_BOOK_FULL', path: null }]);
  }
  const { data } = await subgraph.execute(mine, { of }, anna);
  expect(data?._entities[0].addresses).toHaveLength(20);
});

test('an address that breaks rules is refused with all of them, and not kept', async ({
  subgraph,
  expect,
}) => {
  const input = { ...good, city: '  ', market: 'XX', postalCode: '<1>' };

  const { address, userErrors } = await run(subgraph, 'addAddress', { input }, anna);

  expect(address).toBeNull();
  expect(userErrors).toMatchObject([
    { code: 'REQUIRED', path: ['input', 'city'] },
    { code: 'MALFORMED', path: ['input', 'postalCode'] },
    { code: 'UNKNOWN_MARKET', path: ['input', 'market'] },
  ]);
  expect((await subgraph.execute(mine, { of }, anna)).data?._entities[0].addresses).toEqual([]);
});

test('seeded buyers have an address and ways to pay, and are seeded once', async ({
  subgraph,
  expect,
}) => {
  const buyers = Array.from({ length: 120 }, (_, n) => ({
    userId: n === 0 ? anna.userId : `usr_${n}`,
    displayName: `Buyer ${n}`,
    market: 'DE',
    addressId: `adr_${n}`,
  }));

  await seedBuyers(subgraph.services, buyers);

  const { data } = await subgraph.execute(mine, { of }, anna);
  expect(data?._entities[0]).toMatchObject({
    addresses: [{ id: 'adr_0', recipient: 'Buyer 0' }],
    paymentMethods: [
      { id: 'pm_sandbox_ok', provider: 'sandbox' },
      { id: 'pm_sandbox_declined' },
      { id: 'pm_sandbox_slow' },
    ],
  });
  await expect(seedBuyers(subgraph.services, buyers.slice(119))).rejects.toThrow('duplicate key');
});
