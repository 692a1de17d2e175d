/** One page out of a long list whose items are admitted only when they are looked at. */
export interface Picked<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

const LOOK_AHEAD = 50;

/**
 * Takes items from `next` in chunks until `size` and one more are admitted, or the list ends. The
 * check is left to the moment of reading, so that what is sold out is gone at once, and asks for as
 * many items as the page needs rather than for the list.
 */
export async function pick<Item>(
  size: number,
  next: (count: number) => Promise<readonly Item[]>,
  admit: (items: readonly Item[]) => Promise<readonly Item[]>,
): Promise<Picked<Item>> {
  const admitted: Item[] = [];
  for (;;) {
    const count = Math.max(size + 1, LOOK_AHEAD);
    const chunk = await next(count);
    admitted.push(...(await admit(chunk)));
    if (admitted.length > size) return { items: admitted.slice(0, size), hasMore: true };
    if (chunk.length < count) return { items: admitted, hasMore: false };
  }
}
