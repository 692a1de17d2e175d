import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
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

/** A mutation that asks for its refusals alone. */
export function mutationOf(name: string): string {
  const field = publicSchema.getMutationType()?.getFields()[name];
  const [argument] = field?.args ?? [];
  if (!field || !argument) throw new Error(`${name} has no input`);
  const payload = getNamedType(field.type);
  if (!isObjectType(payload) || !payload.getFields()['userErrors']) {
    return `mutation ($input: ${argument.type}) { ${name}(input: $input) ${selectionOf(field)} }`;
  }
  return `mutation ($input: ${argument.type}) {
    ${name}(input: $input) { __typename userErrors { ... on UserError { code message path } } }
  }`;
}

/** What can be asked of the value of a field: its type, or nothing. */
export const selectionOf = ({ type }: GraphQLField<unknown, unknown>): string => {
  const named = getNamedType(type);
  return isObjectType(named) || isInterfaceType(named) || 'getTypes' in named
    ? '{ __typename }'
    : '';
};
