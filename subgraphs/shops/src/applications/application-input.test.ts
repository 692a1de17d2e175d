import { describe, expect, test } from 'vitest';
import {
  type AnswersInput,
  answersOf,
  answersProblems,
  reviewProblems,
} from './application-input.ts';

const sound: AnswersInput = {
  market: 'GB',
  sellerType: 'LOCAL',
  shopName: 'Kettle & Co',
  businessName: 'Kettle and Company Ltd',
  licenceNumber: 'GB-12345',
  contactEmail: 'ann@example.com',
  returnAddress: { name: 'Kettle', line1: '1 High St', city: 'Leeds' },
};
const problemsOf = (answers: Partial<AnswersInput>) =>
  answersProblems({ ...sound, ...answers }, (code) =>
    code === 'GB' ? null : code === 'ZZ' ? 'TEST_MARKET' : 'UNKNOWN_MARKET',
  ).map(({ code, path }) => `${path.join('.')} ${code}`);

describe('answers', () => {
  test('are sound with the least that is needed', () => {
    expect(problemsOf({})).toEqual([]);
  });

  test('are not for the test market, whose shops come with apps', () => {
    expect(problemsOf({ market: 'ZZ' })).toEqual(['answers.market TEST_MARKET']);
  });

  test('are found wrong all at once', () => {
    expect(
      problemsOf({
        market: 'XX',
        shopName: 'K',
        businessName: '',
        licenceNumber: '?',
        contactEmail: 'ann',
        returnAddress: {
          name: ' ',
          line1: 'a'.repeat(201),
          line2: 'Flat\u00002',
          city: 'Le\neds',
          postalCode: '1'.repeat(21),
        },
      }),
    ).toEqual([
      'answers.market UNKNOWN_MARKET',
      'answers.shopName TOO_SHORT',
      'answers.businessName TOO_SHORT',
      'answers.licenceNumber LICENCE_MALFORMED',
      'answers.contactEmail EMAIL_MALFORMED',
      'answers.returnAddress.name TOO_SHORT',
      'answers.returnAddress.line1 TOO_LONG',
      'answers.returnAddress.line2 MALFORMED',
      'answers.returnAddress.city SEVERAL_LINES',
      'answers.returnAddress.postalCode TOO_LONG',
    ]);
  });

  test.for([
    ['two letters', '店铺', []],
    ['sixty letters of eleven code units', '👩‍👩‍👧‍👧'.repeat(60), []],
    ['sixty-one', 'é'.repeat(61), ['answers.shopName TOO_LONG']],
    ['a megabyte', 'a'.repeat(1_000_000), ['answers.shopName TOO_LONG']],
  ] as const)('name a shop with %s', ([, shopName, problems]) => {
    expect(problemsOf({ shopName })).toEqual(problems);
  });

  test('are kept without white space around, and null for what is empty', () => {
    expect(
      answersOf({
        ...sound,
        shopName: ' Kettle ',
        licenceNumber: ' gb-12345 ',
        returnAddress: { name: ' K ', line1: ' 1 ', line2: '  ', city: ' Leeds ' },
      }),
    ).toMatchObject({
      shopName: 'Kettle',
      licenceNumber: 'GB-12345',
      returnAddress: { name: 'K', line1: '1', line2: null, city: 'Leeds', postalCode: null },
    });
  });
});

describe('a decision', () => {
  const codes = (...args: Parameters<typeof reviewProblems>) =>
    reviewProblems(...args).map(({ code, path }) => `${path.join('.')} ${code}`);

  test('against says why, each field once', () => {
    expect(codes('REJECT', [])).toEqual(['reasons REASONS_MISSING']);
    expect(codes('REJECT', [{ field: 'MARKET', message: 'Closed.' }])).toEqual([]);
    expect(
      codes('REJECT', [
        { field: 'MARKET', message: 'Closed.' },
        { field: 'MARKET', message: '' },
      ]),
    ).toEqual(['reasons.1.message TOO_SHORT', 'reasons.1.field DUPLICATE_FIELD']);
  });

  test('in favour has nothing to say', () => {
    expect(codes('APPROVE', [])).toEqual([]);
    expect(codes('APPROVE', [{ field: 'MARKET', message: 'Closed.' }])).toEqual([
      'reasons REASONS_WITH_APPROVAL',
    ]);
  });
});
