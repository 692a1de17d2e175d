import { invariant } from '@vitrine/kernel/outcome';

/** A node of the category tree, as data. */
export interface Category {
  readonly code: string;
  readonly parent: string | null;
  /** By BCP 47 language; English always. */
  readonly names: Readonly<Record<string, string>>;
}

export interface CategoryTree {
  find(code: string): Category | null;
  /** The roots for null. */
  under(parent: string | null): readonly Category[];
  /** From the root down to the category itself; empty for an unknown code. */
  lineage(code: string): readonly Category[];
  isLeaf(code: string): boolean;
}

/** Throws on data that are no tree: a missing parent, a code used twice, a ring. */
export function categoryTree(categories: readonly Category[]): CategoryTree {
  const byCode = new Map(categories.map((category) => [category.code, category]));
  invariant(byCode.size === categories.length, 'each category code is used once');
  const children = Map.groupBy(categories, ({ parent }) => parent);

  function lineage(code: string): readonly Category[] {
    const path: Category[] = [];
    for (
      let at = byCode.get(code);
      at;
      at = at.parent === null ? undefined : byCode.get(at.parent)
    ) {
      path.unshift(at);
      invariant(path.length <= categories.length, `${code} does not lie on a ring`);
    }
    return path;
  }

  for (const { code, parent } of categories) {
    invariant(parent === null || byCode.has(parent), `the parent of ${code} exists`);
    lineage(code);
  }
  return {
    find: (code) => byCode.get(code) ?? null,
    under: (parent) => children.get(parent) ?? [],
    lineage,
    isLeaf: (code) => byCode.has(code) && !children.has(code),
  };
}
