import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type NameNode,
  parse,
  print,
  type SchemaDefinitionNode,
} from 'graphql';
import { type Contract, membersOf } from './contract-members.ts';

/** The graph as kinds of clients see it. Each is served at an address of its own. */
export const contractNames = ['storefront', 'seller', 'partner'] as const;
export type ContractName = (typeof contractNames)[number];

/**
 * The supergraph of one audience: the same graph, with `@inaccessible` on everything that is not
 * for it. So it is planned and executed as ever, and clients can neither select nor find the rest.
 */
export function contractOf(supergraphSdl: string, audience: ContractName): string {
  const document = parse(supergraphSdl, { noLocation: true });
  const contract = membersOf(document, audience, contractNames);
  const definitions = document.definitions.flatMap((definition) => {
    if (definition.kind === Kind.SCHEMA_DEFINITION) return linked(definition, document);
    return 'name' in definition && definition.kind !== Kind.DIRECTIVE_DEFINITION
      ? marked(definition, contract)
      : definition;
  });
  return `${print({ ...document, definitions })}\n`;
}

const name = (value: string): NameNode => ({ kind: Kind.NAME, value });

const inaccessible: ConstDirectiveNode = { kind: Kind.DIRECTIVE, name: name('inaccessible') };

interface Element {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

/** The element hidden, unless it is hidden already. */
const hidden = <Node extends Element>(node: Node): Node =>
  node.directives?.some((directive) => directive.name.value === 'inaccessible')
    ? node
    : { ...node, directives: [...(node.directives ?? []), inaccessible] };

interface Named extends Element {
  readonly name: NameNode;
}

interface Arguable extends Named {
  readonly arguments?: readonly Named[] | undefined;
}

/** A type with its hidden parts hidden. Types of the machinery, such as `join__Graph`, stay. */
function marked<Node extends object>(node: Node, { has }: Contract): Node {
  // Types, and nothing else that has a name, are passed here.
  const type = node as Node & Named & { fields?: readonly Arguable[]; values?: readonly Named[] };
  const typeName = type.name.value;
  if (typeName.includes('__')) return node;
  if (!has(typeName)) return hidden(type);
  const keep = <Part extends Named>(part: Part, coordinate: string): Part =>
    has(coordinate) ? part : hidden(part);
  return {
    ...type,
    ...(type.values && {
      values: type.values.map((value) => keep(value, `${typeName}.${value.name.value}`)),
    }),
    ...(type.fields && {
      fields: type.fields.map((field) => {
        const coordinate = `${typeName}.${field.name.value}`;
        return keep(
          field.arguments
            ? {
                ...field,
                arguments: field.arguments.map((argument) =>
                  keep(argument, `${coordinate}(${argument.name.value}:)`),
                ),
              }
            : field,
          coordinate,
        );
      }),
    }),
  };
}

const IMPORT = `extend schema @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
  directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION`;

/** The schema definition with the specification of `@inaccessible`, where it is not there yet. */
function linked(schema: SchemaDefinitionNode, { definitions }: DocumentNode) {
  const isLinked = definitions.some(
    (one) => one.kind === Kind.DIRECTIVE_DEFINITION && one.name.value === 'inaccessible',
  );
  if (isLinked) return [schema];
  const [link, directive] = parse(IMPORT, { noLocation: true }).definitions;
  const links = link?.kind === Kind.SCHEMA_EXTENSION ? (link.directives ?? []) : [];
  return [
    { ...schema, directives: [...(schema.directives ?? []), ...links] },
    ...(directive ? [directive] : []),
  ];
}
