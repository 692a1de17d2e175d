import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { type Condition, conditionOf } from './conditions.ts';

/** A selection set and what must hold for it to be taken. */
export interface Selected {
  readonly set: SelectionSetNode;
  readonly condition: Condition;
}

export interface TakenField {
  readonly node: FieldNode;
  readonly condition: Condition;
}

/**
 * Selections on interfaces within each other can stand for more combinations of types than anybody
 * could count. Real operations take some hundred steps.
 */
const MAX_STEPS = 30_000;

/** Thrown when a document takes more steps than `MAX_STEPS`. */
export class TooEntangled extends Error {
  override readonly name = 'TooEntangled';
}

/**
 * Fields of selection sets as an object of one type answers them: by their name in the answer, those
 * that merge together. The steps of all calls together are bounded.
 */
export function fieldCollector(
  schema: GraphQLSchema,
  { definitions }: DocumentNode,
): (
  type: GraphQLObjectType,
  selected: readonly Selected[],
) => ReadonlyMap<string, readonly TakenField[]> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  let steps = 0;

  return (type, selected) => {
    const fields = new Map<string, TakenField[]>();
    const seen = new Set<string>();
    const visit = ({ set, condition: outer }: Selected): void => {
      for (const selection of set.selections) {
        steps += 1;
        if (steps > MAX_STEPS) throw new TooEntangled();
        const condition = conditionOf(outer, selection.directives);
        if (!condition) continue;
        if (selection.kind === Kind.FIELD) {
          const key = (selection.alias ?? selection.name).value;
          const merged = fields.get(key);
          if (merged) merged.push({ node: selection, condition });
          else fields.set(key, [{ node: selection, condition }]);
          continue;
        }
        const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
        const fragment = isSpread ? fragments.get(selection.name.value) : selection;
        if (!fragment || !meets(schema, type, fragment.typeCondition?.name.value)) continue;
        if (isSpread) {
          const mark = `${selection.name.value}?${condition.key}`;
          if (seen.has(mark)) continue;
          seen.add(mark);
        }
        visit({ set: fragment.selectionSet, condition });
      }
    };
    for (const each of selected) visit(each);
    return fields;
  };
}

function meets(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  condition: string | undefined,
): boolean {
  if (condition === undefined || condition === type.name) return true;
  const wanted = schema.getType(condition);
  return isAbstractType(wanted) && schema.isSubType(wanted, type);
}
