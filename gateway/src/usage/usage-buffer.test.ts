import { expect, test } from 'vitest';
import { usageBuffer } from './usage-buffer.ts';
import { usageField } from './usage-keys.ts';

const web = { name: 'web', version: '1' };

test('counts of one client and coordinate are added up, day by day', () => {
  const buffer = usageBuffer();
  buffer.add('2026-11-21', ['A.b', 'A.c'], web, 2);
  buffer.add('2026-11-21', ['A.b'], web, 3);
  buffer.add('2026-11-22', ['A.b'], web, 1);

  expect(buffer.next()).toEqual({
    number: 1,
    day: '2026-11-21',
    pairs: [usageField('A.b', 'web', '1'), 5, usageField('A.c', 'web', '1'), 2],
  });
  buffer.arrived();
  expect(buffer.next()).toMatchObject({ number: 2, day: '2026-11-22' });
  buffer.arrived();
  expect(buffer.next()).toBeNull();
});

test('a chunk that has not arrived stays as it is, whatever is counted meanwhile', () => {
  const buffer = usageBuffer();
  buffer.add('2026-11-22', ['A.b'], web, 1);
  const chunk = buffer.next();
  buffer.add('2026-11-22', ['A.b'], web, 1);

  expect(buffer.next()).toBe(chunk);
  buffer.arrived();
  expect(buffer.next()).toMatchObject({ number: 2, pairs: [usageField('A.b', 'web', '1'), 1] });
});

test('much is sent in chunks that lose nothing between them', () => {
  const buffer = usageBuffer();
  const coordinates = Array.from({ length: 5_001 }, (_, i) => `A.f${i}`);
  buffer.add('2026-11-22', coordinates, web, 1);

  const sent = new Set<string | number>();
  const sizes: number[] = [];
  for (let chunk = buffer.next(); chunk; chunk = buffer.next()) {
    sizes.push(chunk.pairs.length / 2);
    for (const [i, value] of chunk.pairs.entries()) if (i % 2 === 0) sent.add(value);
    buffer.arrived();
  }
  expect(sizes).toEqual([2_000, 2_000, 1_001]);
  expect(sent.size).toBe(5_001);
});

test('after days without Redis the oldest day is given up', () => {
  const buffer = usageBuffer();
  for (const day of ['18', '19', '20', '21']) buffer.add(`2026-11-${day}`, ['A.b'], web, 1);

  const days: (string | undefined)[] = [];
  for (let chunk = buffer.next(); chunk; chunk = buffer.next()) {
    days.push(chunk.day);
    buffer.arrived();
  }
  expect(days).toEqual(['2026-11-19', '2026-11-20', '2026-11-21']);
});
