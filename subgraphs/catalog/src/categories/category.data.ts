import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { categoryTree } from './category.ts';

const schema = z.array(
  z.object({
    code: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
    parent: z.string().nullable(),
    names: z.object({ en: z.string() }).catchall(z.string()),
  }),
);

const all = schema.parse(
  JSON.parse(readFileSync(new URL('categories.json', import.meta.url), 'utf8')),
);

/** The platform's tree. */
export const categories = categoryTree(all);

/** Codes that products can be filed under. */
export const leafCategories: readonly string[] = all
  .map(({ code }) => code)
  .filter((code) => categories.isLeaf(code));
