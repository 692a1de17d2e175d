/** A place of a chain, as the workers log it. */
export interface Anchor {
  readonly chain: string;
  readonly number: number;
  readonly hash: string;
}

/** Reads `<chain>:<number>:<hash>`; throws with the one that cannot be read. */
export const readAnchors = (texts: readonly string[]): Anchor[] =>
  texts.map((text) => {
    const [, chain, number, hash] = /^(platform|shp_\w+):(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
    if (!chain || !number || !hash) {
      throw new Error(`${text} is no anchor: <chain>:<number>:<hash>, as the workers log it`);
    }
    return { chain, number: Number(number), hash };
  });
