import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { after, connectionOf, encodeCursor, readPage, sortOf } from './pages.ts';

const codeOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return (error as { extensions?: { code?: string } }).extensions?.code; // a GraphQLError
  }
  return 'nothing thrown';
};

describe('the arguments of a list', () => {
  test.for([
    [{}, 'PAGE_SIZE_REQUIRED'],
    [{ first: 10, last: 10 }, 'PAGE_SIZE_REQUIRED'],
    [{ first: 101 }, 'PAGE_SIZE_INVALID'],
    [{ first: 0 }, 'PAGE_SIZE_INVALID'],
    [{ last: -1 }, 'PAGE_SIZE_INVALID'],
    [{ first: 1, after: 'nonsense' }, 'CURSOR_INVALID'],
    [{ first: 1, after: Buffer.from('{"$gt":""}').toString('base64url') }, 'CURSOR_INVALID'],
  ] as const)('%j are an error: %s', ([args, code]) => {
    expect(codeOf(() => readPage(args))).toBe(code);
  });

  test('may ask for a hundred and no more', () => {
    expect(readPage({ first: 100 })).toEqual({ size: 100, direction: 'forward', cursor: null });
  });

  test.for([
    [['a'], 'has too few values'],
    [['a', 'b'], 'holds text for a date'],
    [[1, 2], 'holds a number for text'],
    [[1.5, 'a'], 'holds no moment'],
    [[Number.MAX_SAFE_INTEGER, 'a'], 'holds a moment after the end of time'],
  ] as const)('take a cursor of %j, which %s, for one of another list', ([values]) => {
    const page = readPage({ first: 1, after: encodeCursor(values) });
    const order = { createdAt: -1, _id: 1 } as const;

    expect(codeOf(() => after(order, page, { createdAt: 'date' }))).toBe('CURSOR_INVALID');
  });
});

describe('paging through a list', () => {
  interface Row {
    readonly rank: number;
    readonly _id: string;
  }
  const order = { rank: -1, _id: 1 } as const;
  const cursorOf = (row: Row) => [row.rank, row._id];

  /** What the database does with the filter and the sort, for rows in memory. */
  function read(rows: readonly Row[], args: Parameters<typeof readPage>[0]) {
    const page = readPage(args);
    const ways = Object.entries(sortOf(order, page)) as ['rank' | '_id', 1 | -1][];
    const compare = (a: Row, b: Row) => {
      for (const [key, way] of ways) {
        if (a[key] !== b[key]) return a[key] < b[key] ? -way : way;
      }
      return 0;
    };
    const { $or } = after(order, page, { rank: 'number' }) as { $or?: Record<string, unknown>[] };
    const matches = (row: Row) =>
      !$or ||
      $or.some((clause) =>
        Object.entries(clause).every(([key, wanted]) => {
          const value = row[key as keyof Row];
          if (typeof wanted !== 'object' || wanted === null) return value === wanted;
          const bound = wanted as { $gt: typeof value; $lt: typeof value }; // one of both, as `after` writes it
          return '$gt' in wanted ? value > bound.$gt : value < bound.$lt;
        }),
      );
    const found = rows.filter(matches).toSorted(compare);
    return connectionOf(page, found.slice(0, page.size + 1), cursorOf);
  }

  const lists = fc.uniqueArray(
    fc.record({
      rank: fc.integer({ min: 0, max: 4 }),
      _id: fc.string({ minLength: 1, maxLength: 3 }),
    }),
    { selector: ({ _id }) => _id, maxLength: 25 },
  );
  const inOrder = (rows: readonly Row[]) =>
    rows.toSorted((a, b) => b.rank - a.rank || (a._id < b._id ? -1 : 1));

  test('forwards meets every item once, in order', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 7 }), (rows, first) => {
        const seen: Row[] = [];
        let cursor: string | null = null;
        for (;;) {
          const { nodes, pageInfo } = read(rows, { first, after: cursor });
          seen.push(...nodes);
          if (!pageInfo.hasNextPage) break;
          cursor = pageInfo.endCursor;
        }
        expect(seen).toEqual(inOrder(rows));
      }),
    );
  });

  test('backwards gives the same pages from the other end', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 7 }), (rows, last) => {
        const seen: Row[] = [];
        let cursor: string | null = null;
        for (;;) {
          const { nodes, pageInfo } = read(rows, { last, before: cursor });
          seen.unshift(...nodes);
          if (!pageInfo.hasPreviousPage) break;
          cursor = pageInfo.startCursor;
        }
        expect(seen).toEqual(inOrder(rows));
      }),
    );
  });

  test('is not disturbed by an item that is inserted before the cursor', () => {
    const rows = [5, 4, 3, 2, 1].map((rank) => ({ rank, _id: `r${rank}` }));
    const first = read(rows, { first: 2 });

    const second = read([...rows, { rank: 9, _id: 'new' }], {
      first: 2,
      after: first.pageInfo.endCursor,
    });

    expect(second.nodes.map(({ rank }) => rank)).toEqual([3, 2]);
  });

  test('of nothing has no cursors and nothing more', () => {
    expect(read([], { first: 5 }).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    });
  });
});
