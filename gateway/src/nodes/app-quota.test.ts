import { anApp, aViewer } from '@vitrine/testkit/viewers';
import { expect, test } from 'vitest';
import { silent } from '../../test/small-graph.ts';
import { bucketsOf, defaultThrottle } from '../limits/throttle/buckets-of.ts';
import { openThrottle } from '../limits/throttle/throttle.ts';
import { appQuota } from './app-quota.ts';

const policy = { ...defaultThrottle, app: { maximum: 1_000, restoreRate: 10 } };

test('an app is told what it spent over all people, and when that is back', async () => {
  const buckets = bucketsOf(policy);
  const throttle = openThrottle({ redis: null, namespace: 't', logger: silent, now: () => 0 });
  const quotaOf = appQuota(throttle, buckets, () => 0);
  const app = anApp();
  const onBehalf = aViewer({ appId: app.appId });
  for (const viewer of [app, onBehalf]) {
    for (const bucket of buckets({ viewer, address: '' })) await throttle.take(bucket, 100.5);
  }

  const quota = { limit: 1_000, used: 201, resetsAt: new Date(20_100), restoreRate: 10 };
  expect(await quotaOf(app)).toEqual(quota);
  expect(await quotaOf(onBehalf)).toEqual(quota);
  expect(await quotaOf(app)).toEqual(quota);
  await throttle.close();
});

test('nobody else has the quota of an app', async () => {
  const throttle = openThrottle({ redis: null, namespace: 't', logger: silent });
  const quotaOf = appQuota(throttle, bucketsOf(policy));
  expect(await quotaOf(aViewer())).toBeNull();
  expect(await quotaOf(null)).toBeNull();
  await throttle.close();
});
