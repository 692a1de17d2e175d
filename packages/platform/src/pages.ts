import { GraphQLError } from 'graphql';
import { z } from 'zod';

/** GraphQL arguments of a Relay connection. */
export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

type CursorValue = string | number;

/** One page wanted, as a store takes it. */
export interface Page {
  /** Items wanted, 1 to 100. */
  readonly size: number;
  /** `backward` for `last`: the store reads against the order and `connectionOf` turns it round. */
  readonly direction: 'forward' | 'backward';
  /** Sort values of the item next to the page, or null at the list's end. */
  readonly cursor: readonly CursorValue[] | null;
}

const LARGEST_PAGE = 100;

const bad = (code: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code } });

/**
 * Reads the arguments of a list. Throws top-level errors: `PAGE_SIZE_REQUIRED` without exactly one
 * of `first` and `last`, `PAGE_SIZE_INVALID` under 1 or over 100 (never a silent clamp),
 * `CURSOR_INVALID` for a cursor that this list did not give out.
 */
export function readPage(args: PageArgs): Page {
  const { first, last, after, before } = args;
  if ((first == null) === (last == null)) {
    throw bad('PAGE_SIZE_REQUIRED', 'Pass either `first` or `last`.');
  }
  const size = first ?? last ?? 0;
  if (size < 1 || size > LARGEST_PAGE) {
    throw bad(
      'PAGE_SIZE_INVALID',
      `A page holds 1 to ${LARGEST_PAGE} items; ${size} were asked for.`,
    );
  }
  const direction = first == null ? 'backward' : 'forward';
  const cursor = direction === 'forward' ? after : before;
  return { size, direction, cursor: cursor == null ? null : decodeCursor(cursor) };
}

const cursorValues = z.array(z.union([z.string(), z.number()])).min(1);

export const encodeCursor = (values: readonly CursorValue[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

function decodeCursor(cursor: string): readonly CursorValue[] {
  try {
    return cursorValues.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw strange();
  }
}

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/**
 * Makes a connection of rows read with `sortOf(order, page)`, `after(order, page)` and a limit of
 * `page.size + 1`: the extra row tells whether there is more.
 */
export function connectionOf<Node>(
  page: Page,
  rows: readonly Node[],
  cursorOf: (node: Node) => readonly CursorValue[],
): Connection<Node> {
  const hasMore = rows.length > page.size;
  const read = rows.slice(0, page.size);
  const nodes = page.direction === 'forward' ? read : read.toReversed();
  const edges = nodes.map((node) => ({ cursor: encodeCursor(cursorOf(node)), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: page.direction === 'forward' ? hasMore : page.cursor !== null,
      hasPreviousPage: page.direction === 'forward' ? page.cursor !== null : hasMore,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** Sort keys of a list, most significant first; the last must be unique. 1 rises, -1 falls. */
export type Order = Readonly<Record<string, 1 | -1>>;

/** The order in which the database reads the page. */
export const sortOf = (order: Order, page: Page): Record<string, 1 | -1> =>
  Object.fromEntries(
    Object.entries(order).map(([key, way]) => [
      key,
      page.direction === 'forward' ? way : way === 1 ? -1 : 1,
    ]),
  );

/** What a cursor holds for a sort key that is no text; dates travel as milliseconds. */
export type CursorKinds = Readonly<Record<string, 'date' | 'number'>>;

/**
 * The MongoDB filter of what lies beyond the cursor (keyset paging): stable under insertion, and as
 * fast on page 1,000 as on page 1. Throws `CURSOR_INVALID` for a cursor whose values are not of this
 * list's kinds, such as one of another list, before it reaches the database.
 */
export function after(order: Order, page: Page, kinds: CursorKinds = {}): object {
  if (page.cursor === null) return {};
  const ways = Object.entries(sortOf(order, page));
  if (page.cursor.length !== ways.length) throw strange();
  const values = page.cursor.map((value, at) => readValue(value, kinds[ways[at]?.[0] ?? '']));
  return {
    $or: ways.map(([key, way], at) => ({
      ...Object.fromEntries(ways.slice(0, at).map(([equal], index) => [equal, values[index]])),
      [key]: { [way === 1 ? '$gt' : '$lt']: values[at] },
    })),
  };
}

function readValue(value: CursorValue, kind: 'date' | 'number' | undefined): CursorValue | Date {
  if (kind === undefined) {
    if (typeof value === 'string') return value;
  } else if (typeof value === 'number' && Number.isSafeInteger(value)) {
    if (kind === 'number') return value;
    const date = new Date(value);
    // Whole numbers reach further than dates do.
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw strange();
}

const strange = () => bad('CURSOR_INVALID', 'This cursor was not given out by this list.');
