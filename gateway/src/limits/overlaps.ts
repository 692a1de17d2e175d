import {
  type DocumentNode,
  type FieldNode,
  type FragmentSpreadNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/**
 * How much work it is to find out whether fields of one name in the answer can merge: validation
 * compares each with each, and all that is selected below them. A few hundred `nodes { id }` in one
 * place keep it busy for half a second. Counted in one pass over the text, as no validated document
 * is needed: pairs of equal names, and of fragments, in one place, by the size of what is compared.
 */
export function overlapsIn({ definitions }: DocumentNode): number {
  let overlaps = 0;
  const sizes = new Map<string, number>();

  /** Returns how many selections are in the set. */
  const walk = (set: SelectionSetNode): number => {
    const fields = new Map<string, Group>();
    const spreads: FragmentSpreadNode[] = [];
    const sizeOf = (field: FieldNode): number =>
      field.selectionSet ? walk(field.selectionSet) : 0;
    const enter = (inner: SelectionSetNode): number => {
      let size = 0;
      for (const selection of inner.selections) {
        size += 1;
        if (selection.kind === Kind.INLINE_FRAGMENT) size += enter(selection.selectionSet);
        else if (selection.kind === Kind.FRAGMENT_SPREAD) spreads.push(selection);
        else {
          const below = sizeOf(selection);
          add(fields, (selection.alias ?? selection.name).value, below + 1);
          size += below;
        }
      }
      return size;
    };
    const size = enter(set);
    for (const group of fields.values()) overlaps += workOf(group);
    const ofSpreads: Group = { count: 0, size: 0 };
    for (const { name } of spreads) {
      ofSpreads.count += 1;
      ofSpreads.size += sizes.get(name.value) ?? 1;
    }
    overlaps += workOf(ofSpreads);
    return size;
  };

  // Fragments first: what spreads them is as large as they are.
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      sizes.set(definition.name.value, walk(definition.selectionSet));
    }
  }
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) walk(definition.selectionSet);
  }
  return overlaps;
}

interface Group {
  count: number;
  size: number;
}

function add(groups: Map<string, Group>, name: string, size: number): void {
  const group = groups.get(name);
  if (!group) {
    groups.set(name, { count: 1, size });
    return;
  }
  group.count += 1;
  group.size += size;
}

/** Of each with each, by the size of one of the two. */
const workOf = ({ count, size }: Group): number => (size * (count - 1)) / 2;
