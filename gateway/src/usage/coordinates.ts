import {
  type ASTNode,
  type ASTVisitor,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  Kind,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Operation } from '../execution/operations.ts';

/**
 * Everything of the schema an operation relies on, as schema coordinates: `Product.title`, its
 * arguments `Product.price(market:)`, fields of inputs, values of enums, and the types it names.
 *
 * Of a value that comes in a variable nothing is known here, and looking at each would cost every
 * request; so all that such a variable may hold counts as used. That keeps what may be in use, at
 * the price of keeping too much.
 */
export function coordinatesOf(schema: GraphQLSchema, { document, node }: Operation): Set<string> {
  const used = new Set<string>();
  const waiting: ASTNode[] = [node];
  const seen = new Set<string>();
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const typeInfo = new TypeInfo(schema);
    const spread = (name: string): void => {
      const fragment = fragments.get(name);
      if (!fragment || seen.has(name)) return;
      seen.add(name);
      waiting.push(fragment);
    };
    visit(next, visitWithTypeInfo(typeInfo, collector(schema, typeInfo, { used, spread })));
  }
  return used;
}

interface Collected {
  readonly used: Set<string>;
  readonly spread: (fragment: string) => void;
}

const collector = (
  schema: GraphQLSchema,
  typeInfo: TypeInfo,
  { used, spread }: Collected,
): ASTVisitor => {
  const field = (): string | null => {
    const parent = typeInfo.getParentType();
    const definition = typeInfo.getFieldDef();
    // Introspection is not the graph's own.
    if (!parent || !definition || parent.name.startsWith('__')) return null;
    return definition.name.startsWith('__') ? null : `${parent.name}.${definition.name}`;
  };
  const named = (type: string): void => {
    if (!type.startsWith('__')) used.add(type);
  };
  return {
    Field() {
      const coordinate = field();
      if (coordinate) used.add(coordinate);
    },
    FragmentSpread({ name }) {
      spread(name.value);
    },
    InlineFragment({ typeCondition }) {
      if (typeCondition) named(typeCondition.name.value);
    },
    FragmentDefinition({ typeCondition }) {
      named(typeCondition.name.value);
    },
    Argument({ name }) {
      const coordinate = field();
      if (coordinate && typeInfo.getArgument()) used.add(`${coordinate}(${name.value}:)`);
    },
    ObjectField({ name }) {
      const parent = getNamedType(typeInfo.getParentInputType());
      if (parent && isInputObjectType(parent)) used.add(`${parent.name}.${name.value}`);
    },
    EnumValue({ value }) {
      const type = getNamedType(typeInfo.getInputType());
      if (type && isEnumType(type)) used.add(`${type.name}.${value}`);
    },
    VariableDefinition({ type }) {
      // Overloads of `typeFromAST` do not take the union of the three kinds of a type node.
      const given = typeFromAST(schema, type as Parameters<typeof typeFromAST>[1]);
      if (given) addAllOf(given as GraphQLInputType, used); // a variable of a valid document
    },
  };
};

/** What a value of this type may hold, however deep. */
function addAllOf(type: GraphQLInputType, used: Set<string>): void {
  const named = getNamedType(type);
  if (isEnumType(named)) {
    used.add(named.name);
    for (const { name } of named.getValues()) used.add(`${named.name}.${name}`);
  }
  if (!isInputObjectType(named) || used.has(named.name)) return;
  used.add(named.name);
  for (const field of Object.values(named.getFields())) {
    used.add(`${named.name}.${field.name}`);
    addAllOf(field.type, used);
  }
}
