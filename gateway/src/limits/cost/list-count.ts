import type { FieldNode, GraphQLField } from 'graphql';
import type { Variables } from '../../execution/operations.ts';
import type { Amount } from './amount.ts';
import { argumentReader } from './arguments.ts';
import type { ListSize } from './weights.ts';

/** How long a list without `@listSize` is taken to be. */
export const DEFAULT_LIST_SIZE = 10;

/** How many of the slicing arguments a request gives; fields that ask for exactly one refuse others. */
export interface SlicingRule {
  readonly coordinate: string;
  readonly names: readonly string[];
  readonly given: (variables: Variables) => number;
}

export interface ListCount {
  readonly count: Amount;
  readonly rule: SlicingRule | null;
}

/**
 * How many items a field has, at most: the largest of its slicing arguments, or their defaults in
 * the schema, or the assumed size.
 */
export function listCount(
  coordinate: string,
  size: ListSize,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  defaults: ReadonlyMap<string, unknown>,
): ListCount {
  const readers = size.slicingArguments.map((name) =>
    argumentReader(node.arguments ?? [], name, defaults),
  );
  let fallback: number | null = null;
  for (const name of size.slicingArguments) {
    const inSchema = field.args.find((argument) => argument.name === name)?.defaultValue;
    if (typeof inSchema === 'number') fallback = Math.max(fallback ?? 0, inSchema);
  }
  const unsaid = fallback ?? size.assumedSize ?? DEFAULT_LIST_SIZE;

  const countOf = (variables: Variables): number => {
    let count: number | null = null;
    for (const read of readers) {
      const value = typeof read === 'function' ? read(variables) : read.constant;
      if (typeof value === 'number') count = Math.max(count ?? 0, value);
    }
    return count ?? unsaid;
  };
  const given = (variables: Variables): number => {
    let sum = 0;
    for (const read of readers) {
      const value = typeof read === 'function' ? read(variables) : read.constant;
      if (value !== undefined && value !== null) sum += 1;
    }
    return sum === 0 && fallback !== null ? 1 : sum;
  };
  const isConstant = readers.every((read) => typeof read !== 'function');
  return {
    count: isConstant ? countOf({}) : countOf,
    rule:
      size.requireOneSlicingArgument && size.slicingArguments.length > 0
        ? { coordinate, names: size.slicingArguments, given }
        : null,
  };
}
