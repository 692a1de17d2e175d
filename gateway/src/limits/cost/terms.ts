import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationTypeNode,
} from 'graphql';
import type { Operation, Variables } from '../../execution/operations.ts';
import { type Amount, productOf } from './amount.ts';
import { argumentsAmount, defaultValues, type inputCosts } from './arguments.ts';
import { fieldCollector, type Selected, type TakenField, TooEntangled } from './collect-fields.ts';
import { always, anyOf } from './conditions.ts';
import { DEFAULT_LIST_SIZE, listCount, type SlicingRule } from './list-count.ts';
import type { Weights } from './weights.ts';

/** One field of the answer, with what it costs. */
export interface FieldTerm {
  /** Such as `Product.reviews`, of the concrete type. */
  readonly coordinate: string;
  /** Its name in the answer. */
  readonly key: string;
  /** Once per field. */
  readonly base: number;
  /** Once per field. */
  readonly arguments: readonly Amount[];
  /** Once per item of a list, else once. */
  readonly weight: number;
  /** Null for a field that is no list. */
  readonly count: Amount | null;
  /** Null where it is always asked for. */
  readonly isAsked: ((variables: Variables) => boolean) | null;
  readonly selection: SelectionTerm | null;
}

/** What is asked of an object: a list of fields for each concrete type it may be of. */
export interface SelectionTerm {
  readonly variants: readonly (readonly FieldTerm[])[];
}

export interface OperationTerms {
  readonly root: SelectionTerm;
  readonly rules: readonly (SlicingRule & { readonly isAsked: FieldTerm['isAsked'] })[];
}

export interface TermSource extends Weights {
  readonly schema: GraphQLSchema;
  readonly inputCost: ReturnType<typeof inputCosts>;
}

/** What an operation of a kind costs by itself: a write, for each field that writes, and a stream. */
export const OPERATION_COST: Readonly<Record<OperationTypeNode, number>> = {
  query: 0,
  mutation: 10,
  subscription: 10,
};
/** Answered from the schema as a whole, so it costs the same whatever is selected of it. */
export const INTROSPECTION_COST = 100;

/**
 * The answer's shape with weights: fields that merge in the answer are one term, and a selection on
 * an interface has a variant for each type it may meet. Equal selections are one object, so what is
 * reached by many ways is built once. Null where the operation is too entangled to be told.
 */
export function termsOf(source: TermSource, { document, node }: Operation): OperationTerms | null {
  const { schema, weights, listSizes, inputCost } = source;
  const defaults = defaultValues(node);
  const selections = new Map<string, SelectionTerm>();
  const rules: (SlicingRule & { readonly isAsked: FieldTerm['isAsked'] })[] = [];
  const ids = new Map<FieldNode, number>();
  const idOf = (field: FieldNode): number => {
    const id = ids.get(field) ?? ids.size;
    ids.set(field, id);
    return id;
  };
  const collect = fieldCollector(schema, document);

  const selectionOf = (
    type: GraphQLNamedType,
    nodes: readonly TakenField[],
    sized: { readonly by: string; readonly counts: ReadonlyMap<string, Amount> } | null,
  ): SelectionTerm | null => {
    if (!isCompositeType(type)) return null;
    const key = `${type.name}|${sized?.by ?? ''}|${nodes.map(({ node: n, condition }) => `${idOf(n)}?${condition.key}`).join()}`;
    const known = selections.get(key);
    if (known) return known;
    const selected = nodes.flatMap(({ node: { selectionSet: set }, condition }) =>
      set ? [{ set, condition }] : [],
    );
    const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    const term = {
      variants: types.map((concrete) => fieldsOf(concrete, selected, sized?.counts ?? null, 0)),
    };
    selections.set(key, term);
    return term;
  };

  const fieldsOf = (
    type: GraphQLObjectType,
    selected: readonly Selected[],
    sizes: ReadonlyMap<string, Amount> | null,
    base: number,
  ): readonly FieldTerm[] =>
    [...collect(type, selected)].flatMap(([key, nodes]): FieldTerm[] => {
      const [first] = nodes;
      if (!first || first.node.name.value === '__typename') return [];
      const { node: fieldNode } = first;
      const name = fieldNode.name.value;
      const coordinate = `${type.name}.${name}`;
      const isAsked = anyOf(
        nodes.map(({ condition }) => condition),
        defaults,
      );
      const field = type.getFields()[name];
      if (!field) {
        const weight = INTROSPECTION_COST;
        return [
          { coordinate, key, base, arguments: [], weight, count: null, isAsked, selection: null },
        ];
      }
      const named = getNamedType(field.type);
      const size = listSizes.get(coordinate) ?? ofInterface(listSizes, type, name);
      const listed = size ? listCount(coordinate, size, field, fieldNode, defaults) : null;
      if (listed?.rule) rules.push({ ...listed.rule, isAsked });
      const sizesBelow =
        size && listed && size.sizedFields.length > 0
          ? {
              by: coordinate,
              counts: new Map(size.sizedFields.map((sizedField) => [sizedField, listed.count])),
            }
          : null;
      return [
        {
          coordinate,
          key,
          base,
          arguments: argumentsAmount(coordinate, field.args, fieldNode.arguments ?? [], {
            costOf: inputCost,
            defaults,
          }),
          weight: weightOf(weights, type, field, named),
          count: countOf(
            field.type,
            sizes?.get(name) ?? (sizesBelow ? null : (listed?.count ?? null)),
          ),
          isAsked,
          selection: selectionOf(named, nodes, sizesBelow),
        },
      ];
    });

  const root = schema.getRootType(node.operation);
  if (!root) return { root: { variants: [] }, rules };
  try {
    const fields = fieldsOf(
      root,
      [{ set: node.selectionSet, condition: always }],
      null,
      OPERATION_COST[node.operation],
    );
    return { root: { variants: [fields] }, rules };
  } catch (error) {
    if (error instanceof TooEntangled) return null;
    throw error;
  }
}

/** A field's own weight, or that of the interface it comes from, or of its type, or 1 for an object. */
function weightOf(
  weights: ReadonlyMap<string, number>,
  type: GraphQLObjectType,
  { name }: GraphQLField<unknown, unknown>,
  named: GraphQLNamedType,
): number {
  const own = weights.get(`${type.name}.${name}`) ?? ofInterface(weights, type, name);
  return own ?? weights.get(named.name) ?? (isCompositeType(named) ? 1 : 0);
}

function ofInterface<Value>(
  known: ReadonlyMap<string, Value>,
  type: GraphQLObjectType,
  fieldName: string,
): Value | undefined {
  if (known.size === 0 || !isObjectType(type)) return undefined;
  for (const { name } of type.getInterfaces()) {
    const value = known.get(`${name}.${fieldName}`);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Items of a list; of lists in a list each has the default. Null where the field is no list. */
function countOf(type: GraphQLOutputType, said: Amount | null): Amount | null {
  if (isNonNullType(type)) return countOf(type.ofType, said);
  if (!isListType(type)) return null;
  const inner = countOf(type.ofType, null);
  const own = said ?? DEFAULT_LIST_SIZE;
  return inner === null ? own : productOf(own, inner);
}
