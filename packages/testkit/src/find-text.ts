import type { Connection } from '@vitrine/platform/mongo';

function* placesIn(value: unknown, needle: string, path: string): Generator<string> {
  if (typeof value === 'string') {
    if (value.toLowerCase().includes(needle.toLowerCase())) yield path;
  } else if (Array.isArray(value)) {
    for (const inner of value) yield* placesIn(inner, needle, path);
  } else if (value !== null && typeof value === 'object' && !(value instanceof Date)) {
    for (const [key, inner] of Object.entries(value)) {
      if (key.toLowerCase().includes(needle.toLowerCase())) yield `${path}.*`;
      yield* placesIn(inner, needle, `${path}.${key}`);
    }
  }
}

/**
 * Everywhere in a database where one of the texts stands, whatever its case: `orders.address.line1`.
 * Looks at every document of every collection, so that a new collection cannot be forgotten.
 */
export async function findText(db: Connection, needles: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const { name } of await db.listCollections()) {
    for (const document of await db.collection(name).find().toArray()) {
      for (const needle of needles)
        for (const place of placesIn(document, needle, name)) found.add(place);
    }
  }
  return [...found].toSorted();
}
