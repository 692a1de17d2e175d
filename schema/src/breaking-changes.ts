import { type Change, ChangeType, CriticalityLevel, diff } from '@graphql-inspector/core';
import type { GraphQLSchema } from 'graphql';

/** A change after which an operation that worked may fail. */
export interface BreakingChange {
  /** Schema coordinate, such as `Product.title` or `Product.price(market:)`. */
  readonly coordinate: string;
  readonly message: string;
  /**
   * Whose users notice: coordinates, where that of a type stands for everything in it. Null where
   * use tells nothing, as of directives.
   */
  readonly affects: readonly string[] | null;
}

/** Breaking changes from one public schema to the next, by schema coordinate. */
export async function breakingChanges(
  before: GraphQLSchema,
  after: GraphQLSchema,
): Promise<BreakingChange[]> {
  const changes = await diff(before, after);
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map((change) => ({
      coordinate: coordinateOf(change),
      message: change.message,
      affects: affectedBy(change),
    }));
}

/** The comparison writes arguments as `Type.field.argument`. */
function coordinateOf({ path = 'schema' }: Change): string {
  const [type, field, argument] = path.split('.');
  return argument === undefined ? path : `${type}.${field}(${argument}:)`;
}

function affectedBy(change: Change): string[] | null {
  const coordinate = coordinateOf(change);
  const [type = '', member] = coordinate.split('.');
  switch (change.type) {
    // A new one that must be given breaks all who do not give it yet.
    case ChangeType.FieldArgumentAdded:
      return [coordinate.replace(/\(.*$/, '')];
    case ChangeType.InputFieldAdded:
      return [type];
    case ChangeType.UnionMemberRemoved:
      return [String(change.meta.removedUnionMemberTypeName)];
    case ChangeType.ObjectTypeInterfaceRemoved:
      return [String(change.meta.objectTypeName), String(change.meta.removedInterfaceName)];
    case ChangeType.TypeRemoved:
    case ChangeType.TypeKindChanged:
      return [type];
    default:
      return member === undefined || type.startsWith('@') ? null : [coordinate];
  }
}

/**
 * Changes that the changelog does not announce. An entry announces a change when the lines added to
 * the changelog name its coordinate in backticks, as in `` - `Product.title`: removed, use … ``.
 */
export const unannounced = (
  changes: readonly BreakingChange[],
  addedLines: string,
): BreakingChange[] =>
  changes.filter(({ coordinate }) => !addedLines.includes(`\`${coordinate}\``));
