import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  move,
  type ProductAction,
  type ProductState,
  productActions,
  productStates,
} from './product-state.ts';

const actions = fc.array(fc.constantFrom(...productActions), { maxLength: 40 });

/** The steps of a product's life; an action that is not allowed leaves it where it is. */
function lifeOf(taken: readonly ProductAction[]) {
  let state: ProductState = 'DRAFT';
  return taken.flatMap((action) => {
    const from = state;
    const to = move(from, action);
    if (to === null) return [];
    state = to;
    return [{ from, action, state: to }];
  });
}

describe('the life of a product', () => {
  test('reaches buyers only by an approval', () => {
    fc.assert(
      fc.property(actions, (taken) => {
        for (const { from, action, state } of lifeOf(taken)) {
          if (state === 'ACTIVATE' && from !== 'ACTIVATE') expect(action).toBe('APPROVE');
        }
      }),
    );
  });

  test('what the platform took down reaches buyers only after a release', () => {
    fc.assert(
      fc.property(actions, (taken) => {
        let isHeld = false;
        for (const { action, state } of lifeOf(taken)) {
          if (action === 'TAKE_DOWN' || action === 'FREEZE') isHeld = true;
          if (action === 'RELEASE' || action === 'RECOVER') isHeld = false;
          if (state === 'ACTIVATE') expect(isHeld).toBe(false);
        }
      }),
    );
  });

  test('an edit never changes the state', () => {
    for (const state of productStates) expect([state, null]).toContain(move(state, 'EDIT'));
  });

  test('every state but the first can be reached', () => {
    const reached = new Set(
      productStates.flatMap((state) => productActions.map((action) => move(state, action))),
    );
    expect(productStates.filter((state) => !reached.has(state))).toEqual([]);
  });

  test.for([
    ['DRAFT', 'SUBMIT', 'PENDING'],
    ['PENDING', 'APPROVE', 'ACTIVATE'],
    ['PENDING', 'REJECT', 'FAILED'],
    ['PENDING', 'EDIT', null],
    ['FAILED', 'SUBMIT', 'PENDING'],
    ['ACTIVATE', 'SUBMIT', null],
    ['ACTIVATE', 'DEACTIVATE', 'SELLER_DEACTIVATED'],
    ['SELLER_DEACTIVATED', 'REACTIVATE', 'PENDING'],
    ['SELLER_DEACTIVATED', 'SUBMIT', null],
    ['PLATFORM_DEACTIVATED', 'REACTIVATE', null],
    ['FREEZE', 'EDIT', null],
    ['FREEZE', 'DELETE', null],
    ['DELETED', 'DELETE', null],
    ['DELETED', 'EDIT', null],
  ] as const)('%s, %s: %s', ([from, action, to]) => {
    expect(move(from, action)).toBe(to);
  });
});
