import { type DirectiveNode, Kind } from 'graphql';
import { givenFor, type Variables } from '../../execution/operations.ts';

/** What must hold for a selection to be taken: `@include` and `@skip` of it and of what is around it. */
export interface Condition {
  /** Equal for equal conditions; empty where a selection is always taken. */
  readonly key: string;
  readonly tests: readonly { readonly variable: string; readonly is: boolean }[];
}

export const always: Condition = { key: '', tests: [] };

/** `outer` and the directives of a selection together; null where it can never be taken. */
export function conditionOf(
  outer: Condition,
  directives: readonly DirectiveNode[] | undefined,
): Condition | null {
  let condition = outer;
  for (const { name, arguments: given } of directives ?? []) {
    const is = name.value === 'include' ? true : name.value === 'skip' ? false : null;
    const value = given?.find((argument) => argument.name.value === 'if')?.value;
    if (is === null || !value) continue;
    if (value.kind === Kind.BOOLEAN && value.value !== is) return null;
    if (value.kind === Kind.VARIABLE) condition = withTest(condition, value.name.value, is);
  }
  return condition;
}

function withTest(condition: Condition, variable: string, is: boolean): Condition {
  if (condition.tests.some((test) => test.variable === variable && test.is === is))
    return condition;
  const tests = [...condition.tests, { variable, is }].toSorted((a, b) =>
    a.variable < b.variable ? -1 : a.variable > b.variable ? 1 : Number(a.is) - Number(b.is),
  );
  return { key: tests.map((test) => `${test.is ? '' : '!'}${test.variable}`).join('&'), tests };
}

/** Whether a field is asked for that stands under any of these; null where it always is. */
export function anyOf(
  conditions: readonly Condition[],
  defaults: ReadonlyMap<string, unknown>,
): ((variables: Variables) => boolean) | null {
  if (conditions.some(({ key }) => key === '')) return null;
  const holds = ({ tests }: Condition, variables: Variables) =>
    tests.every(({ variable, is }) => {
      const given = givenFor(variables, variable);
      // Null is no answer to either; whatever becomes of it, it has been counted.
      return given === null || (given === undefined ? defaults.get(variable) : given) === is;
    });
  return (variables) => conditions.some((condition) => holds(condition, variables));
}
