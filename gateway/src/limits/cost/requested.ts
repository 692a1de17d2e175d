import type { Variables } from '../../execution/operations.ts';
import { type Amount, evaluate, maximumOf, productOf, sumOf } from './amount.ts';
import type { FieldTerm, SelectionTerm } from './terms.ts';

export interface RequestedAmounts {
  ofSelection(selection: SelectionTerm): Amount;
  /** Of the fields of one type. */
  ofFields(fields: readonly FieldTerm[]): Amount;
}

/** Compiles the most that a selection can cost; of types an object may be of, the dearest counts. */
export function requestedAmounts(): RequestedAmounts {
  const known = new Map<SelectionTerm, Amount>();
  const ofSelection = (selection: SelectionTerm): Amount => {
    let amount = known.get(selection);
    if (amount === undefined) {
      amount = maximumOf(selection.variants.map(ofFields));
      known.set(selection, amount);
    }
    return amount;
  };
  const ofFields = (fields: readonly FieldTerm[]): Amount => sumOf(fields.map(ofField));
  const ofField = (field: FieldTerm): Amount => {
    const below = field.selection ? ofSelection(field.selection) : 0;
    const amount = sumOf([
      field.base,
      ...field.arguments,
      productOf(field.count ?? 1, sumOf([field.weight, below])),
    ]);
    const { isAsked } = field;
    if (!isAsked || amount === 0) return amount;
    return (variables) => (isAsked(variables) ? evaluate(amount, variables) : 0);
  };
  return { ofSelection, ofFields };
}

/** What one field contributes to a cost, over all places where it is asked for. */
export interface FieldCost {
  /** Schema coordinate, such as `ProductConnection.nodes`. */
  readonly coordinate: string;
  /** How often it is answered at most. */
  readonly count: number;
  /** Its own cost for all of these, without that of the fields below it. */
  readonly cost: number;
}

/** Where a requested cost comes from, dearest first; the costs add up to the requested cost. */
export function costByField(
  root: SelectionTerm,
  amounts: RequestedAmounts,
  variables: Variables,
): readonly FieldCost[] {
  const costs = new Map<string, { count: number; cost: number }>();
  const visit = (selection: SelectionTerm, times: number): void => {
    for (const field of dearest(selection, amounts, variables)) {
      if (field.isAsked && !field.isAsked(variables)) continue;
      const count = times * evaluate(field.count ?? 1, variables);
      const cost =
        times * evaluate(sumOf([field.base, ...field.arguments]), variables) + count * field.weight;
      const known = costs.get(field.coordinate);
      if (known) {
        known.count += count;
        known.cost += cost;
      } else if (cost !== 0 || field.selection) costs.set(field.coordinate, { count, cost });
      if (field.selection && count > 0) visit(field.selection, count);
    }
  };
  visit(root, 1);
  return [...costs]
    .map(([coordinate, { count, cost }]) => ({ coordinate, count, cost }))
    .toSorted((a, b) => b.cost - a.cost || (a.coordinate < b.coordinate ? -1 : 1));
}

function dearest(
  { variants }: SelectionTerm,
  amounts: RequestedAmounts,
  variables: Variables,
): readonly FieldTerm[] {
  let best: readonly FieldTerm[] = [];
  let most = Number.NEGATIVE_INFINITY;
  for (const fields of variants) {
    const cost = variants.length === 1 ? 0 : evaluate(amounts.ofFields(fields), variables);
    if (cost > most) {
      most = cost;
      best = fields;
    }
  }
  return best;
}
