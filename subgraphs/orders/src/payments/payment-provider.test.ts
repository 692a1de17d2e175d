import { describe, expect, test } from 'vitest';
import { type PaymentProvider, providersIn } from './payment-provider.ts';

const provider = (name: string, isTest: boolean): PaymentProvider => {
  const unused = () => Promise.reject(new Error('nobody pays here'));
  return {
    name,
    isTest,
    methods: [],
    authorise: unused,
    capture: unused,
    voidByKey: unused,
    refund: unused,
  };
};

const sandbox = provider('sandbox', true);
const bank = provider('bank', false);
const taken = (isTest: boolean, providers: readonly PaymentProvider[]) =>
  providersIn({ isTest }, providers).map(({ name }) => name);

describe('who is paid', () => {
  test('in the test market moves no money', () => {
    expect(taken(true, [bank, sandbox])).toEqual(['sandbox']);
    expect(taken(true, [sandbox])).toEqual(['sandbox']);
  });

  test('in a real one does, as soon as anybody can', () => {
    expect(taken(false, [bank, sandbox])).toEqual(['bank']);
    expect(taken(false, [sandbox])).toEqual(['sandbox']);
  });

  test('in the test market is never somebody who moves money, even where nobody else is there', () => {
    expect(taken(true, [bank])).toEqual([]);
  });
});
