import { DAY, plus } from '@vitrine/kernel/clock';
import { describe, expect, test } from 'vitest';
import type { Joined } from '../collaborations/collaboration.ts';
import { attribute } from './attribute.ts';

const soldAt = new Date('2026-03-01T00:00:00Z');
const sale = { productId: 'prd_1', shopId: 'shp_1', soldAt };
const author = { id: 'cre_1', userId: 'usr_1' };

const joined = (
  own: Partial<Joined['collaboration']> & { bps?: number; joinedDaysAgo?: number } = {},
): Joined => {
  const { bps = 1_000, joinedDaysAgo = 5, ...terms } = own;
  const createdAt = plus(soldAt, -20 * DAY);
  return {
    collaboration: {
      id: 'col_1',
      shopId: 'shp_1',
      productId: 'prd_1',
      rates: [{ bps, from: createdAt }],
      closesAt: null,
      version: 1,
      createdAt,
      ...terms,
    },
    partnership: {
      collaborationId: terms.id ?? 'col_1',
      creatorId: 'cre_1',
      joinedAt: plus(soldAt, -joinedDaysAgo * DAY),
    },
  };
};

describe('a sale is attributed', () => {
  test('with the rate in force when it was made', () => {
    expect(attribute(sale, author, [joined()])).toEqual({
      creatorId: 'cre_1',
      creatorUserId: 'usr_1',
      collaborationId: 'col_1',
      rateBps: 1_000,
    });
  });

  test('to the better of two collaborations', () => {
    const both = [joined(), joined({ id: 'col_2', bps: 1_200 })];

    expect(attribute(sale, author, both)?.collaborationId).toBe('col_2');
  });

  test('to the one joined first when both are equal', () => {
    const both = [joined({ id: 'col_2', joinedDaysAgo: 1 }), joined()];

    expect(attribute(sale, author, both)?.collaborationId).toBe('col_1');
  });
});

describe('a sale earns nobody anything', () => {
  test.each([
    ['the author has joined nothing', []],
    ['the author joined only afterwards', [joined({ joinedDaysAgo: -1 })]],
    ['the collaboration is of another product', [joined({ productId: 'prd_2' })]],
    ['the collaboration is of another shop', [joined({ shopId: 'shp_2' })]],
    [
      'the collaboration had ended before the author joined',
      [joined({ closesAt: plus(soldAt, -6 * DAY) })],
    ],
  ])('when %s', (_reason, all) => {
    expect(attribute(sale, author, all)).toBeNull();
  });
});
