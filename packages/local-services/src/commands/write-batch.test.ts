import { BSON, Int32 } from 'bson';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitSequence } from '../wire/message.ts';
import { mergeWriteResults, remainingOperations } from './write-batch.ts';

const operations = Array.from({ length: 5 }, (_, n) => ({ q: { _id: n }, u: { $inc: { n: 1 } } }));
const conflictAt = (index: number) => ({ index, code: 0, errmsg: 'deadlock detected' });

function update(options: { ordered: boolean; inSequence: boolean }) {
  const document = { update: 'rows', ordered: options.ordered, $db: 'shop' };
  const whole = options.inSequence ? document : { ...document, updates: operations };
  return {
    name: 'update',
    document: whole,
    body: Buffer.from(BSON.serialize(whole)),
    sequence: options.inSequence
      ? Buffer.concat(operations.map((operation) => BSON.serialize(operation)))
      : null,
  };
}

test.each([true, false])(
  'an ordered batch goes on at its conflict (in a sequence: %s)',
  (inSequence) => {
    const { batch, indexes } = remainingOperations(update({ ordered: true, inSequence }), [
      conflictAt(3),
    ]);
    expect(indexes).toEqual([3, 4]);
    const sent = splitSequence(batch.sequence).map((document) => BSON.deserialize(document));
    expect(sent).toEqual(operations.slice(3));
    expect(BSON.deserialize(batch.body)).toEqual({ update: 'rows', ordered: true, $db: 'shop' });
  },
);

test('an unordered batch repeats its conflicts alone', () => {
  const command = update({ ordered: false, inSequence: true });
  const { batch, indexes } = remainingOperations(command, [conflictAt(1), conflictAt(4)]);
  expect(indexes).toEqual([1, 4]);
  expect(splitSequence(batch.sequence)).toHaveLength(2);
});

test('a batch and its repeated part add up, in the places of the whole', () => {
  const merged = mergeWriteResults(
    {
      ok: 1,
      n: new Int32(3),
      nModified: new Int32(2),
      upserted: [{ index: 0, _id: 'a' }],
      writeErrors: [conflictAt(2), { index: 3, code: 1, errmsg: 'its own' }, conflictAt(4)],
    },
    {
      ok: 1,
      n: new Int32(1),
      nModified: new Int32(0),
      upserted: [{ index: 0, _id: 'c' }],
      writeErrors: [{ index: 1, code: 1, errmsg: 'found meanwhile' }],
    },
    [2, 4],
  );
  expect(merged).toEqual({
    ok: 1,
    n: 4,
    nModified: 2,
    upserted: [
      { index: 0, _id: 'a' },
      { index: 2, _id: 'c' },
    ],
    writeErrors: [
      { index: 3, code: 1, errmsg: 'its own' },
      { index: 4, code: 1, errmsg: 'found meanwhile' },
    ],
  });
});

test('whatever conflicts, every operation is run to its end exactly once', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.uniqueArray(fc.integer({ min: 0, max: 4 })),
      (ordered, unlucky) => {
        const command = update({ ordered, inSequence: true });
        // The database as it is: unordered, all but the conflicts; ordered, up to the first of them.
        const conflicts = ordered ? unlucky.toSorted().slice(0, 1) : unlucky;
        if (conflicts.length === 0) return;
        const done = operations
          .keys()
          .filter((index) => (ordered ? index < (conflicts[0] ?? 0) : !conflicts.includes(index)));
        const { indexes } = remainingOperations(command, conflicts.map(conflictAt));
        expect([...done, ...indexes].toSorted()).toEqual([0, 1, 2, 3, 4]);
      },
    ),
  );
});
