import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
  visit,
} from 'graphql';

export type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** What `@skip` and `@include` decide by, for one run of an operation. */
export type Conditions = Readonly<Record<string, boolean>>;

/** Variables that `@skip` and `@include` of the document read. */
export function conditionNamesOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(node) {
      const value = conditionOf(node);
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

const conditionOf = ({ name, arguments: given }: DirectiveNode) =>
  name.value === 'skip' || name.value === 'include'
    ? given?.find((argument) => argument.name.value === 'if')?.value
    : undefined;

function isWanted({ directives }: SelectionNode, conditions: Conditions): boolean {
  for (const directive of directives ?? []) {
    const value = conditionOf(directive);
    if (!value) continue;
    const isTrue =
      value.kind === Kind.VARIABLE
        ? conditions[value.name.value] === true
        : value.kind === Kind.BOOLEAN && value.value;
    if (isTrue === (directive.name.value === 'skip')) return false;
  }
  return true;
}

export interface Collecting {
  readonly schema: GraphQLSchema;
  readonly fragments: Fragments;
  readonly conditions: Conditions;
}

/** Fields that an object of a type is asked for, by response name, in the order of the answer. */
export function collectFields(
  { schema, fragments, conditions }: Collecting,
  type: GraphQLObjectType,
  sets: readonly (SelectionSetNode | undefined)[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const seen = new Set<string>();

  const applies = (condition: FragmentDefinitionNode['typeCondition'] | undefined): boolean => {
    if (!condition) return true;
    const conditional = typeFromAST(schema, condition);
    if (conditional === type) return true;
    return isAbstractType(conditional) && schema.isSubType(conditional, type);
  };
  const add = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (!isWanted(selection, conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const known = fields.get(key);
        if (known) known.push(selection);
        else fields.set(key, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(selection.typeCondition)) add(selection.selectionSet);
      } else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = fragments[selection.name.value];
        if (fragment && applies(fragment.typeCondition)) add(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) if (set) add(set);
  return fields;
}
