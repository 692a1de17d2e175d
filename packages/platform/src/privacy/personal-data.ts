import type { Transaction } from '../outbox/transact.ts';

/** What a subgraph has of people. Each tells its own in `src/privacy`. */
export interface PersonalData {
  /**
   * All that is held of a person, list by list, as it is stored. Lists may be long and are read as
   * they are written; other people's data in them is left out by whoever tells them.
   */
  exportOf(userId: string): Readonly<Record<string, AsyncIterable<unknown>>>;
  /**
   * Takes away what is held of a person. What the law asks to keep stays without name, address and
   * contact, under the id, which is nobody's once accounts has erased its own. May run again.
   */
  erase(userId: string, tx: Transaction): Promise<void>;
}

interface Lookup {
  lean(): {
    cursor(options: { readonly batchSize: number }): AsyncIterable<unknown>;
  };
}

/** The rows of a query one by one, for an export. */
export async function* rowsOf(found: Lookup): AsyncGenerator<unknown> {
  yield* found.lean().cursor({ batchSize: 200 });
}

const asJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return inner.toString();
    // 64-bit integers that the driver cannot tell as numbers.
    const isLong = inner !== null && typeof inner === 'object' && '_bsontype' in inner;
    return isLong ? String(inner) : inner;
  });

/** The JSON object of the lists, piece by piece, so that no part has to fit into memory. */
export async function* jsonOf(
  lists: Readonly<Record<string, AsyncIterable<unknown>>>,
): AsyncGenerator<string> {
  yield '{';
  let lead = '';
  for (const [name, rows] of Object.entries(lists)) {
    yield `${lead}${JSON.stringify(name)}:[`;
    lead = ',';
    let comma = '';
    for await (const row of rows) {
      yield `${comma}${asJson(row)}`;
      comma = ',';
    }
    yield ']';
  }
  yield '}';
}
