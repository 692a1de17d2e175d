import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';

/** What belongs to an audience, by schema coordinate: types, fields, arguments, enum values. */
export interface Contract {
  has(coordinate: string): boolean;
}

const ROOTS: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/**
 * What of a supergraph is for an audience.
 *
 * A field of a root type belongs to the audiences that its tags name, so that a new query or
 * mutation is in no contract until somebody says for whom it is. Everything else belongs to whoever
 * can reach it, except where its tags name others. An object brings its interfaces along and a union
 * its members; an interface does not bring its implementations, or `node` would bring everything.
 * A type that loses all its members goes, and with it all that returns or takes it.
 */
export function membersOf(
  document: DocumentNode,
  audience: string,
  audiences: readonly string[],
): Contract {
  const types = typesOf(document);
  const withoutMembers = new Set<string>();
  const isFor = (node: Tagged): boolean => {
    const tags = audienceTags(node, audiences);
    return tags.length === 0 || tags.includes(audience);
  };
  const isTypeFor = (name: string): boolean => {
    const type = types.get(name);
    return !type || (isFor(type) && !isHidden(type) && !withoutMembers.has(name));
  };
  const isMember = (parent: string, member: Member): boolean =>
    !isHidden(member) &&
    (ROOTS.has(parent) ? audienceTags(member, audiences).includes(audience) : isFor(member)) &&
    (!('type' in member) || isTypeFor(namedType(member.type)));

  for (;;) {
    const reached = reach(types, { isTypeFor, isMember });
    const empty = [...types.values()].filter(
      (type) =>
        reached.has(type.name.value) &&
        membersIn(type).length > 0 &&
        !membersIn(type).some((member) => reached.has(`${type.name.value}.${member}`)),
    );
    if (empty.length === 0) return { has: (coordinate) => reached.has(coordinate) };
    for (const type of empty) withoutMembers.add(type.name.value);
  }
}

interface Choice {
  isTypeFor(name: string): boolean;
  isMember(parent: string, member: Member): boolean;
}

/** Coordinates of all that can be reached from the root types. */
function reach(types: ReadonlyMap<string, TypeDefinitionNode>, choice: Choice): Set<string> {
  const reached = new Set<string>();
  const waiting = [...ROOTS].filter((name) => types.has(name) && choice.isTypeFor(name));
  const add = (name: string): void => {
    if (types.has(name) && choice.isTypeFor(name)) waiting.push(name);
  };
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const type = types.get(name);
    if (!type || reached.has(name)) continue;
    reached.add(name);
    if (type.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const member of type.types ?? []) {
        if (!choice.isTypeFor(member.name.value)) continue;
        reached.add(`${name}.${member.name.value}`);
        add(member.name.value);
      }
    } else if (type.kind === Kind.ENUM_TYPE_DEFINITION) {
      for (const value of type.values ?? []) {
        if (choice.isMember(name, value)) reached.add(`${name}.${value.name.value}`);
      }
    } else if ('fields' in type) {
      if ('interfaces' in type) for (const one of type.interfaces ?? []) add(one.name.value);
      for (const field of type.fields ?? []) {
        if (!choice.isMember(name, field)) continue;
        const coordinate = `${name}.${field.name.value}`;
        reached.add(coordinate);
        add(namedType(field.type));
        if (!('arguments' in field)) continue;
        for (const argument of field.arguments ?? []) {
          if (!choice.isMember(coordinate, argument)) continue;
          reached.add(`${coordinate}(${argument.name.value}:)`);
          add(namedType(argument.type));
        }
      }
    }
  }
  return reached;
}

interface Tagged {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

type Member = Tagged | FieldDefinitionNode | InputValueDefinitionNode;

/** Types of the graph itself. */
const typesOf = ({ definitions }: DocumentNode): ReadonlyMap<string, TypeDefinitionNode> =>
  new Map(
    definitions.flatMap((definition) =>
      'name' in definition &&
      definition.kind !== Kind.DIRECTIVE_DEFINITION &&
      definition.name &&
      !definition.name.value.includes('__')
        ? // Nothing else in a composed document has a name.
          [[definition.name.value, definition as TypeDefinitionNode]]
        : [],
    ),
  );

function membersIn(type: TypeDefinitionNode): readonly string[] {
  if (type.kind === Kind.UNION_TYPE_DEFINITION) return (type.types ?? []).map(nameOf);
  if (type.kind === Kind.ENUM_TYPE_DEFINITION) return (type.values ?? []).map(nameOf);
  return 'fields' in type ? (type.fields ?? []).map(nameOf) : [];
}

const nameOf = ({ name }: { readonly name: { readonly value: string } }): string => name.value;

const isHidden = ({ directives = [] }: Tagged): boolean =>
  directives.some((directive) => directive.name.value === 'inaccessible');

const audienceTags = ({ directives = [] }: Tagged, audiences: readonly string[]): string[] =>
  directives
    .filter((directive) => directive.name.value === 'tag')
    .flatMap(({ arguments: given = [] }) =>
      given.map(({ value }) => (value.kind === Kind.STRING ? value.value : '')),
    )
    .filter((name) => audiences.includes(name));

const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
