import { DAY, HOUR } from '@vitrine/kernel/clock';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isGivenUp,
  isWanted,
  paused,
  resumed,
  rotated,
  signingSecrets,
  type Webhook,
} from './webhook.ts';

const now = new Date('2026-03-01T12:00:00.000Z');
const webhook: Webhook = {
  id: 'whk_1',
  appId: 'app_1',
  url: 'https://hooks.example',
  topics: ['order.placed', 'order.cancelled'],
  shopIds: null,
  conditions: [],
  includeFields: null,
  secrets: [{ value: 's0', until: null }],
  paused: null,
  failing: null,
  version: 1,
  createdAt: now,
};
const event = {
  topic: 'order.placed',
  subject: { shopIds: ['shp_1'], userIds: ['usr_1'] },
  data: { market: 'DE', lines: [{ sku: 'A' }, { sku: 'B' }], isGift: false, count: 3 },
};
const where = (path: string, ...values: string[]) => ({
  ...webhook,
  conditions: [{ path, operator: 'IN' as const, values }],
});

describe('an event is wanted', () => {
  test('by topic and shop', () => {
    expect(isWanted(webhook, event)).toBe(true);
    expect(isWanted(webhook, { ...event, topic: 'shop.opened' })).toBe(false);
    expect(isWanted({ ...webhook, shopIds: ['shp_2', 'shp_1'] }, event)).toBe(true);
    expect(isWanted({ ...webhook, shopIds: ['shp_2'] }, event)).toBe(false);
    expect(isWanted({ ...webhook, shopIds: [] }, event)).toBe(false);
  });

  test('by conditions, all of which hold, for one item of a list', () => {
    expect(isWanted(where('market', 'GB', 'DE'), event)).toBe(true);
    expect(isWanted(where('market', 'GB'), event)).toBe(false);
    expect(isWanted(where('lines.sku', 'B'), event)).toBe(true);
    expect(isWanted(where('isGift', 'false'), event)).toBe(true);
    expect(isWanted(where('count', '3'), event)).toBe(true);
    const both = [...where('market', 'DE').conditions, ...where('lines.sku', 'C').conditions];
    expect(isWanted({ ...webhook, conditions: both }, event)).toBe(false);
  });
});

describe('secrets', () => {
  test('after a rotation are two for a day, then one', () => {
    const next = rotated(webhook, 's1', now);
    expect(next.version).toBe(2);
    expect(signingSecrets(next, now)).toEqual(['s1', 's0']);
    expect(signingSecrets(next, new Date(now.getTime() + DAY))).toEqual(['s1']);
  });

  test('are never more than two, however often they are rotated, and the newest is first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 * DAY }), { maxLength: 8 }), (pauses) => {
        let current = webhook;
        let at = now;
        for (const [index, pause] of pauses.entries()) {
          at = new Date(at.getTime() + pause);
          current = rotated(current, `s${index + 1}`, at);
          const signing = signingSecrets(current, at);
          expect(signing).toEqual([`s${index + 1}`, `s${index}`]);
        }
      }),
    );
  });
});

describe('a webhook', () => {
  test('is paused once and resumed once, and forgets its failures then', () => {
    const held = paused({ ...webhook, failing: { since: now, attempts: 3 } }, now);
    if (!held.ok) throw new Error('it was active');
    expect(held.value).toMatchObject({ paused: { reason: 'BY_DEVELOPER', at: now }, version: 2 });
    expect(paused(held.value, now)).toEqual({ ok: false, refusal: 'ALREADY_PAUSED' });
    expect(resumed(held.value)).toMatchObject({
      ok: true,
      value: { paused: null, failing: null, version: 3 },
    });
    expect(resumed(webhook)).toEqual({ ok: false, refusal: 'NOT_PAUSED' });
  });

  test('is given up after three days and ten failures, not after either', () => {
    const since = new Date(now.getTime() - 3 * DAY);
    expect(isGivenUp({ since, attempts: 10 }, now)).toBe(true);
    expect(isGivenUp({ since, attempts: 9 }, now)).toBe(false);
    expect(isGivenUp({ since, attempts: 99 }, new Date(now.getTime() - HOUR))).toBe(false);
  });
});
