import type { Variables } from '../../execution/operations.ts';

/**
 * A part of a cost: a number where it is known when the operation is compiled, else a function of
 * the variables. Most operations fold into one addition and one multiplication, many into a number.
 */
export type Amount = number | ((variables: Variables) => number);

export const evaluate = (amount: Amount, variables: Variables): number =>
  typeof amount === 'number' ? amount : amount(variables);

export function sumOf(amounts: readonly Amount[]): Amount {
  let constant = 0;
  const dynamic: ((variables: Variables) => number)[] = [];
  for (const amount of amounts) {
    if (typeof amount === 'number') constant += amount;
    else dynamic.push(amount);
  }
  const [first, second] = dynamic;
  if (!first) return constant;
  if (!second) return constant === 0 ? first : (variables) => constant + first(variables);
  return (variables) => {
    let sum = constant;
    for (const amount of dynamic) sum += amount(variables);
    return sum;
  };
}

export function maximumOf(amounts: readonly Amount[]): Amount {
  let constant = 0;
  const dynamic: ((variables: Variables) => number)[] = [];
  for (const amount of amounts) {
    if (typeof amount === 'number') constant = Math.max(constant, amount);
    else if (!dynamic.includes(amount)) dynamic.push(amount);
  }
  if (dynamic.length === 0) return constant;
  return (variables) => {
    let most = constant;
    for (const amount of dynamic) most = Math.max(most, amount(variables));
    return most;
  };
}

export function productOf(count: Amount, each: Amount): Amount {
  if (each === 0 || count === 0) return 0;
  if (count === 1) return each;
  if (typeof count === 'number') {
    return typeof each === 'number' ? count * each : (variables) => count * each(variables);
  }
  return typeof each === 'number'
    ? (variables) => count(variables) * each
    : (variables) => count(variables) * each(variables);
}
