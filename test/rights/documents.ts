import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  parse,
} from 'graphql';

const schemaFile = (name: string): string =>
  readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8');

const ACCESS = ['authenticated', 'requiresScopes', 'policy'];

/** The graph as clients see it. */
export const publicSchema: GraphQLSchema = buildSchema(schemaFile('public.graphql'), {
  assumeValid: true,
  assumeValidSDL: true,
});

/** Whatever needs a row: each mutation, each subscription, and each other field with a guard. */
export function guardedCoordinates(): readonly string[] {
  return parse(schemaFile('supergraph.graphql')).definitions.flatMap((definition) => {
    if (definition.kind !== 'ObjectTypeDefinition') return [];
    const type = publicSchema.getType(definition.name.value);
    if (!isObjectType(type)) return [];
    const isRoot = type.name === 'Mutation' || type.name === 'Subscription';
    const fields = definition.fields ?? [];
    return fields
      .filter(({ name }) => name.value in type.getFields())
      .filter(
        ({ directives = [] }) =>
          isRoot || directives.some(({ name }) => ACCESS.includes(name.value)),
      )
      .map(({ name }) => `${type.name}.${name.value}`);
  });
}

/** An operation for one coordinate, and where in its data the value stands. */
export interface Ask {
  readonly document: string;
  readonly path: readonly string[];
  readonly isSubscription: boolean;
}

/** `variables` are the arguments that are given, by name; of an entity, only its `id`. */
export function askFor(coordinate: string, variables: Readonly<Record<string, unknown>>): Ask {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = publicSchema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (!field) throw new Error(`the graph has no ${coordinate}`);
  switch (typeName) {
    case 'Mutation':
    case 'Query':
    case 'Subscription': {
      const given = field.args.filter(({ name }) => name in variables);
      const declared = given.map(({ name, type }) => `$${name}: ${type}`).join(', ');
      const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
      const head = declared === '' ? '' : `(${declared})`;
      const selected = `${fieldName}${passed === '' ? '' : `(${passed})`} ${selectionOf(field)}`;
      return {
        document: `${typeName.toLowerCase()} ${head} { ${selected} }`,
        path: [fieldName],
        isSubscription: typeName === 'Subscription',
      };
    }
    case 'Viewer':
      return {
        document: `{ viewer { ${pagedField(field)} } }`,
        path: ['viewer', fieldName],
        isSubscription: false,
      };
    default: {
      const declared = 'memberId' in variables ? '$id: ID!, $memberId: ID!' : '$id: ID!';
      return {
        document: `query (${declared}) { node(id: $id) { ... on ${typeName} { ${pagedField(field)} } } }`,
        path: ['node', fieldName],
        isSubscription: false,
      };
    }
  }
}

type Field = GraphQLField<unknown, unknown>;

const pagedField = (field: Field): string => {
  const given = field.args.flatMap(({ name }) => {
    if (name === 'first') return ['first: 1'];
    if (name === 'id') return ['id: $memberId'];
    return name === 'market' ? ['market: "GB"'] : [];
  });
  return `${field.name}${given.length === 0 ? '' : `(${given.join(', ')})`} ${selectionOf(field)}`;
};

/** Of a payload its refusals, of another object its type, of a scalar nothing. */
function selectionOf({ type }: Field): string {
  const named = getNamedType(type);
  if (isObjectType(named) && 'userErrors' in named.getFields()) {
    return '{ __typename userErrors { ... on UserError { code message path } } }';
  }
  return isCompositeType(named) ? '{ __typename }' : '';
}
