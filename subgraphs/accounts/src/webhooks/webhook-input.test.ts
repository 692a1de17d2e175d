import { describe, expect, test } from 'vitest';
import type { WebhookWish } from './webhook.ts';
import { urlProblems, wishProblems } from './webhook-input.ts';

const rules = {
  isPrivateAllowed: false,
  isPublicAddress: (address: string) => address === '93.184.216.34' || address === '2606:2800::1',
};
const codes = (problems: readonly { readonly code: string }[]) => problems.map(({ code }) => code);
const wish: WebhookWish = {
  url: 'https://hooks.example',
  topics: ['order.placed', 'order.cancelled'],
  shopIds: null,
  conditions: [],
  includeFields: null,
};
const wrong = (overrides: Partial<WebhookWish>) =>
  codes(wishProblems({ ...wish, ...overrides }, rules));
const condition = (path: string, operator: 'EQ' | 'IN', ...values: string[]) => ({
  conditions: [{ path, operator, values }],
});

describe('an address', () => {
  test.for([
    'https://hooks.example/a?b=c',
    'https://hooks.example:8443',
    'https://93.184.216.34/x',
    'https://[2606:2800::1]/x',
  ])('%s is taken', (url) => {
    expect(urlProblems(url, rules)).toEqual([]);
  });

  test.for([
    ['nonsense', 'URL_INVALID'],
    [`https://hooks.example/${'x'.repeat(2_048)}`, 'URL_INVALID'],
    ['http://hooks.example', 'URL_NOT_HTTPS'],
    ['ftp://hooks.example', 'URL_NOT_HTTPS'],
    ['https://user:pass@hooks.example', 'URL_HAS_CREDENTIALS'],
    ['https://localhost', 'URL_PRIVATE'],
    ['https://LOCALHOST./x', 'URL_PRIVATE'],
    ['https://db.internal', 'URL_PRIVATE'],
    ['https://printer.local', 'URL_PRIVATE'],
    ['https://127.0.0.1', 'URL_PRIVATE'],
    // The address of the machine, as browsers and systems read these.
    ['https://2130706433', 'URL_PRIVATE'],
    ['https://0x7f.1', 'URL_PRIVATE'],
    ['https://[::1]', 'URL_PRIVATE'],
    ['https://[::ffff:10.0.0.1]', 'URL_PRIVATE'],
  ] as const)('%s is refused: %s', ([url, code]) => {
    expect(codes(urlProblems(url, rules))).toEqual([code]);
  });

  test('of the machine itself is taken where that is allowed', () => {
    const local = { ...rules, isPrivateAllowed: true };
    expect(urlProblems('http://localhost:3000/hooks', local)).toEqual([]);
    expect(codes(urlProblems('file:///etc/passwd', local))).toEqual(['URL_NOT_HTTPS']);
  });
});

describe('a wish', () => {
  test('names topics, each once', () => {
    expect(wrong({})).toEqual([]);
    expect(wrong({ topics: [] })).toEqual(['NO_TOPICS']);
    expect(wrong({ topics: ['order.placed', 'order.placed'] })).toEqual(['TOPIC_TWICE']);
    expect(wrong({ topics: ['order.placed', 'toString'] })).toEqual(['TOPIC_UNKNOWN']);
  });

  test('has conditions on what every payload has', () => {
    expect(wrong(condition('lines.productId', 'IN', 'prd_1', 'prd_2'))).toEqual([]);
    expect(wrong(condition('total.amount', 'EQ', '1'))).toEqual(['PATH_UNKNOWN']);
    expect(wrong(condition('lines', 'EQ', '1'))).toEqual(['PATH_UNKNOWN']);
    expect(wrong(condition('market', 'EQ', 'DE', 'GB'))).toEqual(['VALUES_INVALID']);
    expect(wrong(condition('market', 'IN'))).toEqual(['VALUES_INVALID']);
    expect(wrong(condition('market', 'IN', 'x'.repeat(201)))).toEqual(['VALUES_INVALID']);
    const many = Array(11).fill({ path: 'market', operator: 'EQ', values: ['DE'] });
    expect(wrong({ conditions: many })).toEqual(['TOO_MANY_CONDITIONS']);
    expect(wrong({ shopIds: Array(101).fill('shp_1') })).toEqual(['TOO_MANY_SHOPS']);
  });

  test('has fields that some payload has', () => {
    expect(wrong({ includeFields: ['orderId', 'total', 'lines.refunded.amount'] })).toEqual([]);
    expect(wrong({ includeFields: [] })).toEqual(['FIELDS_INVALID']);
    expect(wrong({ includeFields: ['orderId', 'lines.colour'] })).toEqual(['FIELD_UNKNOWN']);
  });
});
