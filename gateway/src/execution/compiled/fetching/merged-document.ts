import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import type { SubgraphDocument } from '../../source.ts';

/** One document in place of several, each of which asks for entities. */
export interface MergedDocument extends SubgraphDocument {
  /** For each of the documents: where its entities come, and the variable of its representations. */
  readonly parts: readonly { readonly alias: string; readonly variable: string }[];
}

/**
 * Variables of the client have the same name and type in every document. What documents have of
 * their own under one name gets a number: the entities, their representations, fragments.
 */
export function mergeDocuments(documents: readonly SubgraphDocument[]): MergedDocument {
  const parsed = documents.map(({ document }) => parse(document, { noLocation: true }));
  const prefix = freePrefix(documents);
  const parts = documents.map((_document, index) => ({
    alias: `_entities_${index}`,
    variable: `${prefix}${index}`,
  }));
  const renamed = parsed.map((document, index) =>
    renameIn(document, parts[index]?.alias ?? '', parts[index]?.variable ?? '', `_${index}`),
  );
  const operations = renamed.flatMap(({ definitions }) => definitions.filter(isOperation));
  const fragments = renamed.flatMap(({ definitions }) => definitions.filter(isFragment));
  const variables = new Map<string, VariableDefinitionNode>();
  for (const { variableDefinitions = [] } of operations) {
    for (const definition of variableDefinitions) {
      variables.set(definition.variable.name.value, definition);
    }
  }
  const [first] = operations;
  if (!first) throw new Error('There is no operation to merge');
  const operation: OperationDefinitionNode = {
    ...first,
    variableDefinitions: [...variables.values()],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: operations.flatMap(({ selectionSet }) => selectionSet.selections),
    },
  };
  return {
    document: print({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }),
    operationName: documents[0]?.operationName,
    parts,
  };
}

function renameIn(
  document: DocumentNode,
  alias: string,
  variable: string,
  suffix: string,
): DocumentNode {
  const nameOf = (value: string) => ({ kind: Kind.NAME, value }) as const;
  return visit(document, {
    Variable: (node) =>
      node.name.value === 'representations' ? { ...node, name: nameOf(variable) } : undefined,
    Field: (node) =>
      node.name.value === '_entities' ? { ...node, alias: nameOf(alias) } : undefined,
    FragmentSpread: (node) => ({ ...node, name: nameOf(node.name.value + suffix) }),
    FragmentDefinition: (node) => ({ ...node, name: nameOf(node.name.value + suffix) }),
  });
}

/** No client variable begins with it. */
function freePrefix(documents: readonly SubgraphDocument[]): string {
  let prefix = 'representations_';
  while (documents.some(({ document }) => document.includes(`$${prefix}`))) prefix += '_';
  return prefix;
}

const isOperation = (node: DocumentNode['definitions'][number]): node is OperationDefinitionNode =>
  node.kind === Kind.OPERATION_DEFINITION;

const isFragment = (node: DocumentNode['definitions'][number]): node is FragmentDefinitionNode =>
  node.kind === Kind.FRAGMENT_DEFINITION;
