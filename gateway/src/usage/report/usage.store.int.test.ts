import { expect, test } from 'vitest';
import { openCounting } from '../counting.fixture.ts';
import { foldUsage } from '../fold-usage.ts';
import { usageField, usageKeys } from '../usage-keys.ts';
import { readUsage } from './usage.store.ts';

test('use is summed over days by client and version, from a day on, the most used first', async () => {
  const services = await openCounting();
  const keys = usageKeys(services.env.NAMESPACE);
  const count = (day: string, coordinate: string, client: string, times: number) =>
    services.redis.hincrby(keys.counts(day), usageField(coordinate, client, '1'), times);
  await count('2026-11-20', 'Shop.name', 'web', 100);
  await count('2026-11-21', 'Shop.name', 'web', 2);
  await count('2026-11-22', 'Shop.name', 'web', 3);
  await count('2026-11-21', 'Shop.name', 'app', 9);
  await count('2026-11-22', 'Shop.slug', 'web', 1);
  await foldUsage(services);

  const since = new Date('2026-11-21T18:00:00Z');
  expect(await readUsage(services.db, { since })).toEqual([
    { coordinate: 'Shop.name', client: 'app', version: '1', count: 9, lastSeen: '2026-11-21' },
    { coordinate: 'Shop.name', client: 'web', version: '1', count: 5, lastSeen: '2026-11-22' },
    { coordinate: 'Shop.slug', client: 'web', version: '1', count: 1, lastSeen: '2026-11-22' },
  ]);
  expect(await readUsage(services.db, { since, coordinate: 'Shop.slug' })).toHaveLength(1);
});
