import {
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { gatewayError } from '../../errors.ts';
import type { Variables } from '../operations.ts';

/** The value of a variable that decides whether a part of an operation is wanted. */
export type Conditions = (variable: string) => boolean;

/** Reads variables with the defaults that an operation gives them. */
export function conditionsOf(node: OperationDefinitionNode): (variables: Variables) => Conditions {
  const defaults = new Map<string, boolean>();
  for (const { variable, defaultValue } of node.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.BOOLEAN) defaults.set(variable.name.value, defaultValue.value);
  }
  return (variables) => (name) => {
    const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const value = given === undefined ? defaults.get(name) : given;
    if (typeof value === 'boolean') return value;
    throw gatewayError(
      'BAD_USER_INPUT',
      `The variable "$${name}" decides what is answered, so it is true or false.`,
    );
  };
}

/** The variables that decide, in a fixed order. */
export function decidingVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(directive) {
      const value = conditionIn(directive);
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

export function isIncluded(
  directives: readonly DirectiveNode[] | undefined,
  conditions: Conditions,
): boolean {
  return !directives?.some((directive) => {
    const value = conditionIn(directive);
    if (!value) return false;
    const holds =
      value.kind === Kind.VARIABLE
        ? conditions(value.name.value)
        : value.kind === Kind.BOOLEAN && value.value;
    return holds === (directive.name.value === 'skip');
  });
}

function conditionIn(directive: DirectiveNode) {
  const name = directive.name.value;
  if (name !== 'skip' && name !== 'include') return undefined;
  return directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
}
