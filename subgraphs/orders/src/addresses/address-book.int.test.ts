import type { Viewer } from '@vitrine/platform/viewer';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { describe, expect } from 'vitest';
import { aBuyer, fill, order, readyToOrder, sell } from '../../test/world.ts';
import { orders } from '../index.ts';
import { addressBookModel } from './address.model.ts';

const test = subgraphTest(orders);
const anna = aBuyer();
const bert = aBuyer('bert');

const written = {
  recipient: 'Anna Berg',
  phone: '+49 30 123456',
  line1: 'Torstraße 1',
  city: 'Berlin',
  postalCode: '10119',
  market: 'DE',
};

const answers = {
  addAddress: 'address { id version isDefault }',
  changeAddress: 'address { id line1 city version isDefault }',
  removeAddress: 'removedAddressId',
  setDefaultAddress: 'address { id version isDefault }',
} as const;

async function run(
  subgraph: TestSubgraph,
  field: keyof typeof answers,
  input: object,
  viewer: Viewer | null = anna,
) {
  const { data, errors } = await subgraph.execute(
    `mutation ($input: ${field[0]?.toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) {
      ${answers[field]} userErrors { __typename ... on UserError { code path }
        ... on ${field === 'changeAddress' ? 'AddressVersionConflictError { current { version city } }' : 'UserError { code }'} } } }`,
    { input },
    viewer,
  );
  return { ...data?.[field], thrown: errors?.[0]?.extensions['code'] };
}

const add = async (subgraph: TestSubgraph, viewer = anna): Promise<string> =>
  (await run(subgraph, 'addAddress', written, viewer)).address.id;

async function book(subgraph: TestSubgraph, viewer = anna) {
  const { data } = await subgraph.execute(
    `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on Viewer { addresses { id city version isDefault } } } }`,
    { of: [{ __typename: 'Viewer', id: viewer.userId }] },
    viewer,
  );
  return data?.['_entities'][0].addresses;
}

describe('an address', () => {
  test('is written anew under the next version', async ({ subgraph }) => {
    const addressId = await add(subgraph);
    const change = { addressId, expectedVersion: 1, ...written, city: ' Potsdam ' };

    const changed = await run(subgraph, 'changeAddress', change);
    const stale = await run(subgraph, 'changeAddress', { ...change, city: 'Köln' });

    expect(changed.address).toMatchObject({ city: 'Potsdam', version: 2, isDefault: true });
    expect(stale).toMatchObject({
      address: null,
      userErrors: [
        {
          __typename: 'AddressVersionConflictError',
          code: 'VERSION_CONFLICT',
          path: ['input', 'expectedVersion'],
          current: { version: 2, city: 'Potsdam' },
        },
      ],
    });
    expect(await book(subgraph)).toMatchObject([{ city: 'Potsdam', version: 2 }]);
  });

  test('changed by ten at once is changed once', async ({ subgraph }) => {
    const addressId = await add(subgraph);
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        run(subgraph, 'changeAddress', {
          ...written,
          addressId,
          expectedVersion: 1,
          city: `Town ${n}`,
        }),
      ),
    );
    const won = all.filter(({ address }) => address !== null);
    expect(won).toHaveLength(1);
    expect(await book(subgraph)).toMatchObject([{ city: won[0]?.address.city, version: 2 }]);
  });

  test('that breaks rules is told all of them, and stays', async ({ subgraph }) => {
    const addressId = await add(subgraph);
    const { userErrors } = await run(subgraph, 'changeAddress', {
      ...written,
      addressId,
      expectedVersion: 1,
      recipient: '',
      phone: 'none',
      postalCode: 'SW1A 1AA',
    });
    expect(userErrors).toMatchObject([
      { code: 'REQUIRED', path: ['input', 'recipient'] },
      { code: 'MALFORMED', path: ['input', 'phone'] },
      { code: 'MALFORMED', path: ['input', 'postalCode'] },
    ]);
    expect(await book(subgraph)).toMatchObject([{ city: 'Berlin', version: 1 }]);
  });

  test('kept before there were versions can be changed', async ({ subgraph }) => {
    const addressId = await add(subgraph);
    await addressBookModel(subgraph.services.db).updateOne(
      {},
      { $unset: { 'addresses.0.version': 1, defaultId: 1 } },
    );
    expect(await book(subgraph)).toMatchObject([{ version: 1, isDefault: true }]);
    const change = { ...written, addressId, expectedVersion: 1, city: 'Ulm' };
    expect((await run(subgraph, 'changeAddress', change)).address.version).toBe(2);
  });

  test('of an order stays as it was, without what the book needs', async ({ subgraph }) => {
    subgraph.work();
    await sell(subgraph, [{ variantId: 'var_1' }]);
    await fill(subgraph, anna, ['var_1']);
    const input = await readyToOrder(subgraph, anna, ['var_1']);
    const { orders: placed } = await order(subgraph, anna, input);
    await run(subgraph, 'removeAddress', { addressId: input.shippingAddressId });

    const { data } = await subgraph.execute(
      'query ($id: ID!) { order(id: $id) { shippingAddress { city version isDefault } } }',
      { id: placed[0].id },
      anna,
    );
    expect(data?.['order'].shippingAddress).toEqual({
      city: 'Berlin',
      version: null,
      isDefault: false,
    });
  });
});

describe('the default', () => {
  test('is the oldest, until another is chosen', async ({ subgraph }) => {
    const [first, second] = [await add(subgraph), await add(subgraph)];
    const defaults = async () =>
      (await book(subgraph))
        .filter(({ isDefault }: { isDefault: boolean }) => isDefault)
        .map(({ id }: { id: string }) => id);
    expect(await defaults()).toEqual([first]);

    const chosen = await run(subgraph, 'setDefaultAddress', { addressId: second });
    const again = await run(subgraph, 'setDefaultAddress', { addressId: second });
    expect(chosen.address).toMatchObject({ id: second, isDefault: true, version: 1 });
    expect(again).toEqual(chosen);
    expect(await defaults()).toEqual([second]);

    await run(subgraph, 'removeAddress', { addressId: second });
    expect(await defaults()).toEqual([first]);
  });
});

describe('another buyer', () => {
  test('finds nothing to change, remove or choose', async ({ subgraph }) => {
    const addressId = await add(subgraph);
    await add(subgraph, bert);
    const change = { ...written, addressId, expectedVersion: 1 };
    for (const [field, input] of [
      ['changeAddress', change],
      ['removeAddress', { addressId }],
      ['setDefaultAddress', { addressId }],
    ] as const) {
      expect((await run(subgraph, field, input, bert)).userErrors).toMatchObject([
        { code: 'NOT_FOUND', path: ['input', 'addressId'] },
      ]);
      expect((await run(subgraph, field, input, null)).thrown).toBe('UNAUTHENTICATED');
    }
    expect(await book(subgraph)).toMatchObject([{ id: addressId, version: 1 }]);
  });

  test('removes an address once', async ({ subgraph }) => {
    const addressId = await add(subgraph);
    const all = await Promise.all(
      [1, 2, 3].map(() => run(subgraph, 'removeAddress', { addressId })),
    );
    expect(all.filter(({ removedAddressId }) => removedAddressId === addressId)).toHaveLength(1);
    expect(await book(subgraph)).toEqual([]);
  });
});
