import { describe, expect, test } from 'vitest';
import { forgottenBy } from './audited-mutations.ts';

const never = () => false;
const always = () => true;

describe('a mutation that succeeds', () => {
  test('is told of when it recorded nothing, or something else', () => {
    const data = { editShop: { shop: {}, userErrors: [] } };

    expect(forgottenBy(data, [], never)).toBe(
      'editShop succeeded and recorded none of shops.shop-edited',
    );
    expect(forgottenBy(data, ['shops.shop-opened'], never)).not.toBeNull();
    expect(forgottenBy(data, ['shops.shop-edited'], never)).toBeNull();
  });

  test('counts only where its answer says so', () => {
    const told = (answer: unknown, canReplay = never) =>
      forgottenBy({ setStock: answer }, [], canReplay);

    expect(told({ userErrors: [{}], replayed: false }, always)).toBeNull();
    expect(told({ userErrors: [], replayed: true }, always)).toBeNull();
    expect(told({ userErrors: [] }, always)).toBeNull();
    expect(told({ level: {} })).toBeNull();
    expect(told(null)).toBeNull();
    expect(told({ userErrors: [], replayed: false }, always)).not.toBeNull();
  });

  test('may have its reasons', () => {
    expect(forgottenBy({ signOut: { userErrors: [] } }, [], never)).toBeNull();
    expect(forgottenBy({ cancelOrder: { userErrors: [] } }, [], never)).toBeNull();
    expect(forgottenBy({ toString: { userErrors: [] } }, [], never)).toBeNull();
  });
});
