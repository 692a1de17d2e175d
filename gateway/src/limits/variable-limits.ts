import type { GraphQLError } from 'graphql';
import { givenFor, type Operation, type Variables } from '../execution/operations.ts';
import {
  type DocumentLimits,
  defaultLimits,
  limitExceeded,
  pageMessage,
} from './document-limits.ts';
import { measureOperation } from './measure-document.ts';

/**
 * Tells what the variables of a request have too much of: nesting, values, or items on a page. Stops
 * counting at the limits, so a body of a million brackets costs no more than an honest one.
 */
export function variableLimits(
  limits: DocumentLimits = defaultLimits,
): (operation: Operation, variables: Variables) => readonly GraphQLError[] {
  // Lives as long as the parsed document does.
  const pageVariables = new WeakMap<Operation['node'], readonly string[]>();
  const pageVariablesOf = (operation: Operation): readonly string[] => {
    let names = pageVariables.get(operation.node);
    if (!names) {
      names = [...measureOperation(operation).pageVariables];
      pageVariables.set(operation.node, names);
    }
    return names;
  };

  return (operation, variables) => {
    const { depth, values } = measureValues(variables, limits);
    const errors: GraphQLError[] = [];
    if (depth > limits.variableDepth) {
      errors.push(
        limitExceeded({
          code: 'VARIABLES_TOO_DEEP',
          limit: limits.variableDepth,
          actual: depth,
          message: `Variables nest at most ${limits.variableDepth} deep; these nest at least ${depth} deep.`,
        }),
      );
    }
    if (values > limits.variableValues) {
      errors.push(
        limitExceeded({
          code: 'TOO_MANY_VARIABLE_VALUES',
          limit: limits.variableValues,
          actual: values,
          message: `Variables hold at most ${limits.variableValues} values; these hold at least ${values}.`,
        }),
      );
    }
    for (const name of pageVariablesOf(operation)) {
      const size = givenFor(variables, name);
      if (typeof size === 'number' && size > limits.pageSize) {
        errors.push(
          limitExceeded({
            code: 'PAGE_SIZE_INVALID',
            limit: limits.pageSize,
            actual: size,
            message: `${pageMessage(limits.pageSize, size)} See "$${name}".`,
          }),
        );
      }
    }
    return errors;
  };
}

/** The variables themselves are depth 0. */
function measureValues(
  variables: Variables,
  { variableDepth, variableValues }: DocumentLimits,
): { readonly depth: number; readonly values: number } {
  let deepest = 0;
  let values = 0;
  const walk = (container: object, depth: number): void => {
    if (depth > deepest) deepest = depth;
    if (depth > variableDepth) return;
    for (const value of Object.values(container)) {
      values += 1;
      if (values > variableValues) return;
      if (typeof value === 'object' && value !== null) walk(value, depth + 1);
    }
  };
  walk(variables, 0);
  return { depth: deepest, values };
}
