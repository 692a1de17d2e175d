import { openLogger } from '@vitrine/platform/logger';
import { expect, test } from 'vitest';
import {
  admit,
  chargeRefusal,
  costExtension,
  exhausted,
  settleAll,
  throttled,
} from './admission.ts';
import type { Bucket } from './bucket.ts';
import { bucketsOf, defaultThrottle } from './buckets-of.ts';
import { openThrottle } from './throttle.ts';
import { throttleHeaders } from './throttle-headers.ts';

const logger = openLogger({ LOG_LEVEL: 'silent' }, 'test');
const person: Bucket = { name: 'viewer', key: 'viewer:a', maximum: 100, restoreRate: 10 };
const app: Bucket = { name: 'app', key: 'app:b', maximum: 150, restoreRate: 3 };

/** A throttle of one process, with a clock of its own. */
const alone = (clock = { now: 0 }) =>
  openThrottle({ redis: null, namespace: 'test', logger, now: () => clock.now });

test('a request is refused when one of its buckets is, and then takes nothing of the others', async () => {
  const throttle = alone();
  expect(await admit(throttle, [person, app], 80)).toMatchObject({
    isAllowed: true,
    tightest: { name: 'viewer', available: 20 },
  });
  const other = { ...person, key: 'viewer:b' };
  const refused = await admit(throttle, [other, app], 80);
  expect(refused).toMatchObject({ isAllowed: false, tightest: { name: 'app', available: 70 } });
  expect(await throttle.take(other, 0)).toMatchObject({ available: 100 });
});

test('what an operation did not use is available again', async () => {
  const throttle = alone();
  const { tightest } = await admit(throttle, [person, app], 80);
  settleAll(throttle, [person, app], 80, 30);
  expect(await throttle.take(person, 0)).toMatchObject({ available: 70 });
  expect(await throttle.take(app, 0)).toMatchObject({ available: 120 });
  expect(costExtension({ requested: 80, actual: 30, allowance: tightest })).toEqual({
    requested: 80,
    actual: 30,
    throttle: { maximum: 100, available: 70, restoreRate: 10 },
  });
});

test('without Redis nobody waits, and a bucket fills with time', () => {
  const clock = { now: 0 };
  const throttle = alone(clock);
  expect(throttle.take(person, 100)).toMatchObject({ isAllowed: true, available: 0 });
  expect(throttle.take(person, 1)).toMatchObject({ isAllowed: false, retryAfterSeconds: 0.1 });
  clock.now = 5_000;
  expect(throttle.take(person, 50)).toMatchObject({ isAllowed: true, available: 0 });
});

test('nothing grows without bound: who was not seen for longest is forgotten', () => {
  const throttle = openThrottle({ redis: null, namespace: 'test', logger, maxKeys: 100 });
  for (let index = 0; index < 10_000; index += 1) {
    void throttle.take({ ...person, key: `guest:${index}` }, 1);
  }
  expect(throttle.size).toBe(100);
});

test('who sends what is refused pays for its being read, and is refused unread when nothing is left', () => {
  const clock = { now: 0 };
  const throttle = alone(clock);
  const buckets = [person];
  expect(exhausted(throttle, buckets)).toBeNull();
  for (let times = 0; times < 4; times += 1) chargeRefusal(throttle, buckets);
  expect(exhausted(throttle, buckets)).toBeNull();
  chargeRefusal(throttle, buckets);
  const refused = exhausted(throttle, buckets);
  expect(refused).toMatchObject({
    isAllowed: false,
    tightest: { name: 'viewer', available: 0, retryAfterSeconds: 2 },
  });
  clock.now = 2_000;
  expect(exhausted(throttle, buckets)).toBeNull();
});

test('headers tell the policies, what is left, and when to come back', async () => {
  const throttle = alone();
  expect(throttleHeaders(await admit(throttle, [person, app], 75))).toEqual({
    'ratelimit-policy': '"viewer";q=100;qu="cost";w=10, "app";q=150;qu="cost";w=50',
    ratelimit: '"viewer";r=25;t=8, "app";r=75;t=25',
  });
  const refused = await admit(throttle, [person, app], 61);
  expect(throttleHeaders(refused)).toEqual({
    'ratelimit-policy': '"viewer";q=100;qu="cost";w=10',
    ratelimit: '"viewer";r=25;t=8',
    'retry-after': '4',
  });
  expect(throttled(refused, 61).toJSON()).toEqual({
    message:
      'This operation may cost 61 and 25 of 100 are left for this viewer; 10 come back each second. Try again in 4 s.',
    extensions: {
      code: 'THROTTLED',
      limit: 100,
      actual: 61,
      retryAfterSeconds: 4,
      cost: {
        requested: 61,
        actual: 0,
        throttle: { maximum: 100, available: 25, restoreRate: 10 },
      },
    },
  });
});

test('what never fits is not told to come back', async () => {
  const refused = await admit(alone(), [person], 101);
  expect(throttleHeaders(refused)).not.toHaveProperty('retry-after');
  expect(throttled(refused, 101).message).toContain('never fits');
});

test('a person has one bucket wherever they are, a guest that of the address', () => {
  const of = bucketsOf();
  expect(of({ viewer: { userId: 'usr_1' }, address: '10.0.0.1' })).toEqual([
    { name: 'viewer', key: 'viewer:usr_1', ...defaultThrottle.viewer },
  ]);
  expect(of({ viewer: null, address: '10.0.0.1' })).toEqual([
    { name: 'guest', key: 'guest:10.0.0.1', ...defaultThrottle.guest },
  ]);
});

test('a guest with a token draws on the bucket of their address and on one of the token', () => {
  const guest = { kind: 'GUEST' as const, userId: 'gst_1' };
  expect(bucketsOf()({ viewer: guest, address: '2001:db8:1:2::7' })).toEqual([
    { name: 'guest', key: 'guest:2001:db8:1:2::/64', ...defaultThrottle.guest },
    { name: 'viewer', key: 'viewer:gst_1', ...defaultThrottle.viewer },
  ]);
});

test('an app for itself draws on its own bucket alone', () => {
  const app = { kind: 'APP' as const, userId: 'app_1', appId: 'app_1' };
  expect(bucketsOf()({ viewer: app, address: '10.0.0.1' })).toEqual([
    { name: 'app', key: 'app:app_1', ...defaultThrottle.app },
  ]);
});

test('an app draws on its own bucket, and on one for each person it acts for', () => {
  const large = { maximum: 5_000_000, restoreRate: 1_000 };
  const of = bucketsOf({ ...defaultThrottle, apps: { app_large: large } });
  const acting = (userId: string, appId: string) =>
    of({ viewer: { userId, appId }, address: '10.0.0.1' });
  expect(acting('usr_1', 'app_1')).toEqual([
    { name: 'viewer', key: 'viewer:usr_1:app_1', ...defaultThrottle.viewer },
    { name: 'app', key: 'app:app_1', ...defaultThrottle.app },
  ]);
  expect(acting('usr_2', 'app_large')[1]).toMatchObject(large);
  expect(acting('usr_2', 'constructor')[1]).toMatchObject(defaultThrottle.app);
});

test.for([
  { maximum: 10, restoreRate: 0 },
  { maximum: 0, restoreRate: 1 },
])('a bucket that nobody can use is refused at the start: %o', (guest) => {
  expect(() => bucketsOf({ ...defaultThrottle, guest })).toThrow('of no use');
});
