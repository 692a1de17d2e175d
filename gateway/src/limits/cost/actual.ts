import type { Variables } from '../../execution/operations.ts';
import { type Amount, evaluate, sumOf } from './amount.ts';
import type { FieldTerm, SelectionTerm } from './terms.ts';

/** What a value of the answer cost; 0 for one that was not asked for. */
export type Walk = (value: unknown, variables: Variables) => number;

/**
 * Compiles what an answer cost: every item of every list counted, nothing estimated. A field that
 * came back as null was asked for all the same and costs its own weight, so that failing does not
 * make a dear field free. Where an answer does not tell its type and types weigh a field of one name
 * differently, the least counts: the actual cost is never above the requested one.
 */
export function actualWalks(): (selection: SelectionTerm) => Walk | null {
  const known = new Map<SelectionTerm, Walk | null>();
  const ofSelection = (selection: SelectionTerm): Walk | null => {
    const walk = known.get(selection);
    if (walk !== undefined) return walk;
    const fresh = objectWalk(selection, ofSelection);
    known.set(selection, fresh);
    return fresh;
  };
  return ofSelection;
}

function objectWalk(
  { variants }: SelectionTerm,
  walkOf: (selection: SelectionTerm) => Walk | null,
): Walk | null {
  const byKey = new Map<string, FieldTerm[]>();
  for (const field of variants.flat()) {
    const fields = byKey.get(field.key) ?? [];
    if (!fields.some((other) => costsTheSame(other, field))) fields.push(field);
    byKey.set(field.key, fields);
  }
  const walks: { readonly key: string; readonly walk: Walk }[] = [];
  for (const [key, fields] of byKey) {
    const each = fields.map((field) => fieldWalk(field, walkOf));
    const found = each.filter((walk) => walk !== null);
    const [only] = found;
    if (only && found.length === 1 && each.length === 1) walks.push({ key, walk: only });
    // One of them costs nothing, then nothing is the least.
    else if (found.length > 1 && found.length === each.length)
      walks.push({
        key,
        walk: (value, variables) => Math.min(...found.map((walk) => walk(value, variables))),
      });
  }
  if (walks.length === 0) return null;
  return (value, variables) => {
    let cost = 0;
    // Only reached for objects of the answer.
    const object = value as Readonly<Record<string, unknown>>;
    for (const { key, walk } of walks) {
      const inner = object[key];
      if (inner !== undefined) cost += walk(inner, variables);
    }
    return cost;
  };
}

const costsTheSame = (a: FieldTerm, b: FieldTerm): boolean =>
  a.base === b.base &&
  a.weight === b.weight &&
  a.selection === b.selection &&
  (a.count === null) === (b.count === null) &&
  a.arguments.length === 0 &&
  b.arguments.length === 0;

function fieldWalk(
  field: FieldTerm,
  walkOf: (selection: SelectionTerm) => Walk | null,
): Walk | null {
  const { weight } = field;
  const below = field.selection ? walkOf(field.selection) : null;
  const once: Amount = sumOf([field.base, ...field.arguments]);
  if (once === 0 && weight === 0 && !below) return null;

  const ofItem: Walk = below
    ? (value, variables) =>
        typeof value === 'object' && value !== null ? weight + below(value, variables) : weight
    : () => weight;
  const ofList: Walk = (value, variables) => {
    if (!Array.isArray(value)) return value === null ? 0 : ofItem(value, variables);
    let cost = 0;
    for (const item of value) {
      cost += Array.isArray(item) ? ofList(item, variables) : ofItem(item, variables);
    }
    return cost;
  };
  const ofValue = field.count === null ? ofItem : ofList;
  if (once === 0) return ofValue;
  return (value, variables) => evaluate(once, variables) + ofValue(value, variables);
}
