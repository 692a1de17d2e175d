import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  OperationTypeNode,
} from 'graphql';
import { type Conditions, conditionNamesOf } from './collect-fields.ts';
import { type CompiledField, compileFields, runFields, runSerially } from './compile-fields.ts';
import { readVariables } from './read-variables.ts';
import { collectedErrors, isPromise, type Run } from './run.ts';

export type ExecuteOperation = (
  contextValue: unknown,
  variables: Readonly<Record<string, unknown>>,
  /** An event, where the operation is a subscription. */
  rootValue?: unknown,
) => Promise<ExecutionResult> | ExecutionResult;

/** Every combination of what `@skip` and `@include` read has fields of its own; real documents have few. */
const MAX_VARIANTS = 32;

/**
 * graphql-js' `execute`, also for the events of a subscription, with all that depends on the document alone done
 * once: fields collected, types and resolvers looked up, arguments read. The document is valid.
 */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): ExecuteOperation {
  const slowly: ExecuteOperation = (contextValue, variableValues, rootValue) =>
    execute({
      schema,
      document,
      contextValue,
      variableValues,
      rootValue,
      ...(operationName === undefined ? {} : { operationName }),
    });
  const operation = getOperationAST(document, operationName);
  const type = operation && schema.getRootType(operation.operation);
  if (!type) return slowly;

  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments[definition.name.value] = definition;
    }
  }
  const variablesOf = readVariables(schema, operation.variableDefinitions ?? []);
  const conditionNames = conditionNamesOf(document);
  const variants = new Map<string, readonly CompiledField[]>();

  /** Null where only graphql-js knows what to do. */
  const fieldsFor = (variables: Readonly<Record<string, unknown>>) => {
    const conditions: Record<string, boolean> = {};
    let key = '';
    for (const name of conditionNames) {
      const value = variables[name];
      if (typeof value !== 'boolean') return null;
      conditions[name] = value;
      key += value ? '1' : '0';
    }
    const known = variants.get(key);
    if (known) return known;
    if (variants.size >= MAX_VARIANTS) return null;
    const fresh = fieldsWith(conditions);
    variants.set(key, fresh);
    return fresh;
  };
  const fieldsWith = (conditions: Conditions) =>
    compileFields({ schema, fragments, operation, conditions }, type, [operation.selectionSet]);

  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  return (contextValue, given, rootValue) => {
    const variables = variablesOf(given);
    if ('errors' in variables) return { errors: variables.errors };
    const fields = fieldsFor(variables.coerced);
    if (!fields) return slowly(contextValue, given, rootValue);

    const errors = collectedErrors();
    const run: Run = {
      rootValue,
      contextValue,
      variables: variables.coerced,
      errors,
    };
    const answered = (data: unknown): ExecutionResult => {
      const answer = data as Record<string, unknown> | null; // what the root's fields make
      return errors.list.length === 0
        ? { data: answer }
        : { errors: [...errors.list], data: answer };
    };
    const failed = (error: unknown): ExecutionResult => {
      errors.add(error as GraphQLError, undefined); // fields fail with located errors only
      return answered(null);
    };
    try {
      const data = isMutation
        ? runSerially(fields, run, rootValue)
        : runFields(fields, run, rootValue, undefined);
      return isPromise(data) ? Promise.resolve(data).then(answered, failed) : answered(data);
    } catch (error) {
      return failed(error);
    }
  };
}
