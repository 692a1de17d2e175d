import { createHash } from 'node:crypto';
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getNullableType,
  getVariableValues,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parseType,
  print,
  type SelectionNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Operation, Variables } from '../../execution/operations.ts';

/** The argument that a client gives the cursor of the last event it has seen. */
const RESUME_ARGUMENT = 'resumeAfter';
/** The field of an event that such an argument takes. */
const CURSOR_FIELD = 'cursor';
/** Under these names the gateway asks for what it must know of an event itself. */
const CURSOR_ALIAS = '_vitrineCursor';
const TYPE_ALIAS = '_vitrineType';
const RESUME_VARIABLE = '_vitrineResumeAfter';

/** A subscription in the form in which it is shared: without its place, which is each client's own. */
export interface LiveOperation {
  /** What subgraphs are asked: with the event's cursor and type, and resuming by a variable of ours. */
  readonly planned: Operation;
  /** Equal for documents that differ in where they resume alone. */
  readonly key: string;
  /** Names of the variables that decide what is asked, the place apart. */
  readonly variablesInUse: readonly string[];
  /** Whether events have cursors, and the field takes one. */
  readonly canResume: boolean;
  /** The cursor that this client begins after, whether by variable or written out. */
  resumeAfter(variables: Variables): string | null;
  /** The client's variables, to begin after a cursor. */
  variables(own: Variables, resumeAfter: string | null): Variables;
  /** What an event says of itself. */
  read(data: Readonly<Record<string, unknown>> | null | undefined): EventFacts;
}

export interface EventFacts {
  readonly cursor: string | null;
  readonly type: string | null;
}

const UNKNOWN: EventFacts = { cursor: null, type: null };

export function liveOperation(schema: GraphQLSchema, operation: Operation): LiveOperation {
  const alone = separateOperations(operation.document)[operation.node.name?.value ?? ''];
  const document = alone ?? operation.document;
  const rootType = schema.getSubscriptionType();
  let root: { node: FieldNode; responseName: string } | undefined;
  let resumeType: string | undefined;
  let hasCursor = false;

  const typeInfo = new TypeInfo(schema);
  const shared = visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field: {
        leave(node) {
          const field = typeInfo.getFieldDef();
          if (!field || typeInfo.getParentType() !== rootType) return undefined;
          root = { node, responseName: node.alias?.value ?? node.name.value };
          const argument = field.args.find(({ name }) => name === RESUME_ARGUMENT);
          const hidden = hiddenSelections(schema, getNamedType(field.type));
          hasCursor = hidden.some(hasCursorField);
          if (!argument || !hasCursor) return withSelections(node, hidden);
          resumeType = String(getNullableType(argument.type));
          return withSelections(
            { ...node, arguments: [...otherArguments(node), resumeArgument] },
            hidden,
          );
        },
      },
    }),
  );
  const own = resumeType === undefined ? [] : [resumeDefinition(resumeType)];
  const used = variablesOf(shared);
  const planned = withVariables(shared, used, own);
  const node = operationOf(planned);
  const field = root && rootType?.getFields()[root.node.name.value];

  return {
    planned: { key: `${operation.key}:live`, document: planned, node },
    key: createHash('sha256').update(print(planned)).digest('base64url'),
    variablesInUse: [...used].filter((name) => name !== RESUME_VARIABLE).sort(),
    canResume: resumeType !== undefined,
    resumeAfter(variables) {
      if (resumeType === undefined || !root || !field) return null;
      const definitions = operation.node.variableDefinitions ?? [];
      const { coerced } = getVariableValues(schema, definitions, variables);
      const value = getArgumentValues(field, root.node, coerced)[RESUME_ARGUMENT];
      return typeof value === 'string' ? value : null;
    },
    variables(given, resumeAfter) {
      const taken = Object.fromEntries(
        [...used].filter((name) => Object.hasOwn(given, name)).map((name) => [name, given[name]]),
      );
      return resumeType === undefined ? taken : { ...taken, [RESUME_VARIABLE]: resumeAfter };
    },
    read(data) {
      const event = root && data?.[root.responseName];
      return isRecord(event)
        ? { cursor: textOf(event[CURSOR_ALIAS]), type: textOf(event[TYPE_ALIAS]) }
        : UNKNOWN;
    },
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const fieldNode = (name: string, alias: string): FieldNode => ({
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: name },
  alias: { kind: Kind.NAME, value: alias },
});

/** The event's type, and its cursor wherever it has one. */
function hiddenSelections(schema: GraphQLSchema, type: GraphQLNamedType): SelectionNode[] {
  if (!isCompositeType(type)) return [];
  const typeName = fieldNode('__typename', TYPE_ALIAS);
  const cursor = fieldNode(CURSOR_FIELD, CURSOR_ALIAS);
  if ('getFields' in type && type.getFields()[CURSOR_FIELD]) return [typeName, cursor];
  if (!isAbstractType(type)) return [typeName];
  const ordered = schema
    .getPossibleTypes(type)
    .filter((possible) => isObjectType(possible) && possible.getFields()[CURSOR_FIELD]);
  return [
    typeName,
    ...ordered.map(
      ({ name }): SelectionNode => ({
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
        selectionSet: { kind: Kind.SELECTION_SET, selections: [cursor] },
      }),
    ),
  ];
}

const hasCursorField = (selection: SelectionNode): boolean =>
  selection.kind === Kind.FIELD
    ? selection.alias?.value === CURSOR_ALIAS
    : selection.kind === Kind.INLINE_FRAGMENT;

const withSelections = (node: FieldNode, added: readonly SelectionNode[]): FieldNode =>
  node.selectionSet
    ? {
        ...node,
        selectionSet: {
          ...node.selectionSet,
          selections: [...node.selectionSet.selections, ...added],
        },
      }
    : node;

const resumeVariable = {
  kind: Kind.VARIABLE,
  name: { kind: Kind.NAME, value: RESUME_VARIABLE },
} as const;

const resumeArgument: ArgumentNode = {
  kind: Kind.ARGUMENT,
  name: { kind: Kind.NAME, value: RESUME_ARGUMENT },
  value: resumeVariable,
};

const otherArguments = ({ arguments: given = [] }: FieldNode): readonly ArgumentNode[] =>
  given.filter(({ name }) => name.value !== RESUME_ARGUMENT);

const resumeDefinition = (type: string) => ({
  kind: Kind.VARIABLE_DEFINITION as const,
  variable: resumeVariable,
  type: parseType(type, { noLocation: true }),
});

/** Variables that are used, not those that are merely declared. */
function variablesOf(document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  return used;
}

/** Declares what is used alone, and what is ours. */
const withVariables = (
  document: DocumentNode,
  used: ReadonlySet<string>,
  own: readonly ReturnType<typeof resumeDefinition>[],
): DocumentNode =>
  visit(document, {
    OperationDefinition: (node) => ({
      ...node,
      variableDefinitions: [
        ...(node.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value)),
        ...own,
      ],
    }),
  });

function operationOf({ definitions }: DocumentNode): OperationDefinitionNode {
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) return definition;
  }
  throw new Error('a document of one operation has it');
}
