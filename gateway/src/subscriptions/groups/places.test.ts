import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPlaces } from './places.ts';

test('who comes beyond the number waits for the first who leaves', () => {
  const places = openPlaces(2);
  const begun: string[] = [];
  const take = (name: string) => places.take(() => begun.push(name));
  const [a, , c, d] = [take('a'), take('b'), take('c'), take('d')];
  expect(begun).toEqual(['a', 'b']);
  expect(places.waiting()).toBe(2);
  c();
  a();
  a();
  expect(begun).toEqual(['a', 'b', 'd']);
  d();
  take('e');
  expect(begun).toEqual(['a', 'b', 'd', 'e']);
  expect(places.waiting()).toBe(0);
});

test('who is inside is told that somebody waits, and may make way', () => {
  const places = openPlaces(2);
  const begun: string[] = [];
  const asked: string[] = [];
  const take = (name: string, wanted?: () => void) => places.take(() => begun.push(name), wanted);
  take('stays', () => asked.push('stays'));
  const leave = take('goes', () => leave());
  take('next', () => asked.push('next'));
  expect(begun).toEqual(['stays', 'goes', 'next']);
  take('last');
  expect(asked).toEqual(['stays', 'stays', 'next']);
  expect(places.waiting()).toBe(1);
});

test('never are more inside than there are places, and nobody waits while one is free', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.option(fc.nat({ max: 20 }))),
      (most, steps) => {
        const places = openPlaces(most);
        const inside = new Set<number>();
        const open = new Map<number, () => void>();
        steps.forEach((leaver, at) => {
          if (leaver === null) {
            open.set(
              at,
              places.take(() => inside.add(at)),
            );
          } else {
            const [id, leave] = [...open][leaver % Math.max(1, open.size)] ?? [];
            if (id === undefined) return;
            // Out first: who leaves makes room before another comes in.
            inside.delete(id);
            open.delete(id);
            leave?.();
          }
          expect(inside.size).toBe(Math.min(most, open.size));
        });
      },
    ),
  );
});
