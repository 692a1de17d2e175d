import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openAdmission, placeIn } from './admission.ts';

test('so many run at once, so many wait in order, and the rest is refused', async () => {
  const admission = openAdmission({ running: 2, waiting: 2 });
  expect([placeIn(admission, 1_000), placeIn(admission, 1_000)]).toEqual(['taken', 'taken']);
  const third = placeIn(admission, 1_000);
  const fourth = placeIn(admission, 1_000);
  expect(placeIn(admission, 1_000)).toBe('full');
  expect([admission.running, admission.waiting]).toEqual([2, 2]);

  admission.leave();
  expect(await third).toBe('taken');
  expect([admission.running, admission.waiting]).toEqual([2, 1]);
  admission.leave();
  expect(await fourth).toBe('taken');
  admission.leave();
  admission.leave();
  expect([admission.running, admission.waiting]).toEqual([0, 0]);
});

test('one who waits too long leaves the queue, and nobody gets its place', async () => {
  const admission = openAdmission({ running: 1, waiting: 5 });
  void placeIn(admission, 1_000);
  const late = placeIn(admission, 1);
  const patient = placeIn(admission, 5_000);
  expect(await late).toBe('late');
  expect(admission.waiting).toBe(1);
  admission.leave();
  expect(await patient).toBe('taken');
});

test('whatever comes and goes, no place is lost and none is given twice', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 3 }),
      fc.array(fc.constantFrom('enter', 'leave', 'withdraw'), { maxLength: 40 }),
      (running, waiting, steps) => {
        const admission = openAdmission({ running, waiting });
        let begun = 0;
        let queue: (() => void)[] = [];
        for (const step of steps) {
          if (step === 'enter') {
            const begin = () => {
              begun += 1;
              queue = queue.filter((other) => other !== begin);
            };
            const before = begun;
            const isIn = admission.enter(begin);
            if (isIn && begun === before) queue.push(begin);
            expect(isIn).toBe(begun > before || queue.includes(begin));
          } else if (step === 'leave' && begun > 0) {
            begun -= 1;
            admission.leave();
          } else if (step === 'withdraw') {
            const begin = queue.shift();
            if (begin) expect(admission.withdraw(begin)).toBe(true);
          }
          expect(admission.running).toBe(begun);
          expect(admission.waiting).toBe(queue.length);
          expect(begun).toBeLessThanOrEqual(running);
          // Nobody waits while a place is free.
          if (queue.length > 0) expect(begun).toBe(running);
        }
      },
    ),
  );
});
