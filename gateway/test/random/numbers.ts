/** A number below `limit` that depends on the seed and the words alone. */
export function numberOf(seed: number, words: string, limit: number): number {
  let hash = (seed ^ 0x9e37_79b9) >>> 0;
  for (let index = 0; index < words.length; index += 1) {
    hash = Math.imul(hash ^ words.charCodeAt(index), 0x0100_0193) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0x297a_2d39) >>> 0;
  return ((hash ^ (hash >>> 16)) >>> 0) % limit;
}

/** Numbers one after the other, the same for the same seed. */
export function numbersFrom(seed: number): (limit: number) => number {
  let count = 0;
  return (limit) => {
    count += 1;
    return numberOf(seed, String(count), limit);
  };
}
