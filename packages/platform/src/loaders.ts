import DataLoader from 'dataloader';

/**
 * A loader over a batch read that may answer in any order and leave ids out: what is missing loads
 * as null. Made once per request, so a cached value never outlives its caller.
 */
export function loaderById<Value>(
  findMany: (ids: readonly string[]) => Promise<readonly Value[]>,
  idOf: (value: Value) => string,
): DataLoader<string, Value | null> {
  return new DataLoader(async (ids) => {
    const byId = new Map((await findMany(ids)).map((value) => [idOf(value), value]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** A loader of lists, such as the variants of each product; what has none loads as an empty list. */
export function loaderOfMany<Value>(
  findMany: (ids: readonly string[]) => Promise<readonly Value[]>,
  ownerOf: (value: Value) => string,
): DataLoader<string, readonly Value[]> {
  return new DataLoader(async (ids) => {
    const byOwner = Map.groupBy(await findMany(ids), ownerOf);
    return ids.map((id) => byOwner.get(id) ?? []);
  });
}
