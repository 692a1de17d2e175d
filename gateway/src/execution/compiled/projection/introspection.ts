import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { givenFor, type Operation, type Variables } from '../../operations.ts';

/**
 * Answers fields about the schema itself. It does not change, so an answer is kept for each set of
 * variables that the field uses.
 */
export function introspection(
  schema: GraphQLSchema,
  { document, node }: Pick<Operation, 'document' | 'node'>,
): (name: string, fields: readonly FieldNode[], variables: Variables) => unknown {
  const answers = new LRUCache<string, object>({ max: 8 });
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return (name, fields, variables) => {
    const own = variablesIn(fields, fragments);
    // One that is left out has its default, which null has not.
    const given = own.map((variable) =>
      [givenFor(variables, variable)].filter((value) => value !== undefined),
    );
    const key = JSON.stringify([name, ...given]);
    const known = answers.get(key);
    if (known) return known;
    const { data } = executeSync({
      schema,
      document: {
        kind: Kind.DOCUMENT,
        definitions: [
          {
            kind: Kind.OPERATION_DEFINITION,
            operation: OperationTypeNode.QUERY,
            variableDefinitions: (node.variableDefinitions ?? []).filter(({ variable }) =>
              own.includes(variable.name.value),
            ),
            selectionSet: { kind: Kind.SELECTION_SET, selections: fields },
          },
          ...fragments,
        ],
      },
      variableValues: variables,
    });
    const answer = data?.[name];
    if (typeof answer === 'object' && answer !== null) answers.set(key, answer);
    return answer;
  };
}

/** Of the fields and of all fragments: naming one too many costs nothing. */
function variablesIn(
  fields: readonly FieldNode[],
  fragments: DocumentNode['definitions'],
): readonly string[] {
  const names = new Set<string>();
  for (const node of [...fields, ...fragments]) {
    visit(node, { Variable: ({ name }) => void names.add(name.value) });
  }
  return [...names];
}
