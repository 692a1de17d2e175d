import type { FetchDataRewrite } from '@apollo/query-planner';
import { type Data, isData } from '../run.ts';
import type { TypesInReach } from '../types-in-reach.ts';
import { ownValue, setOwn } from './merge.ts';

/** Changes data in place. */
export type Rewrite = (value: unknown) => void;

const FRAGMENT = '... on ';

/** Compiles the planner's rewrites: renamed keys of fetched data, type names set for a subgraph. */
export function compileRewrites(
  rewrites: readonly FetchDataRewrite[] | undefined,
  reach: TypesInReach,
): Rewrite | null {
  if (!rewrites || rewrites.length === 0) return null;
  const all = rewrites.map((rewrite) => compileRewrite(rewrite, reach));
  return (value) => {
    for (const rewrite of all) rewrite(value);
  };
}

function compileRewrite(rewrite: FetchDataRewrite, reach: TypesInReach): Rewrite {
  const last = rewrite.path.at(-1) ?? '';
  const apply =
    rewrite.kind === 'ValueSetter'
      ? (data: Data) => setOwn(data, last, rewrite.setValueTo)
      : (data: Data) => rename(data, last, rewrite.renameKeyTo);
  return rewrite.path
    .slice(0, -1)
    .reduceRight<Rewrite>(
      (next, part) =>
        part.startsWith(FRAGMENT)
          ? inType(reach(part.slice(FRAGMENT.length)), next)
          : inEach((data) => next(ownValue(data, part))),
      inEach(apply),
    );
}

/** `undefined` and not deleted: merging passes over it, and the object keeps its shape. */
function rename(data: Data, from: string, to: string): void {
  const value = ownValue(data, from);
  if (value === undefined) return;
  setOwn(data, to, value);
  data[from] = undefined;
}

/** Where a subgraph was not asked for the type name, the planner knows that the rewrite applies. */
const inType = (names: ReadonlySet<string>, next: Rewrite): Rewrite =>
  inEach((data) => {
    const name = data['__typename'];
    if (typeof name !== 'string' || names.has(name)) next(data);
  });

function inEach(apply: (data: Data) => void): Rewrite {
  const rewrite: Rewrite = (value) => {
    if (Array.isArray(value)) for (const element of value) rewrite(element);
    else if (isData(value)) apply(value);
  };
  return rewrite;
}
