import { type GraphQLLeafType, isEnumType, isSpecifiedScalarType } from 'graphql';

/** Whether a value is one of the type. Own scalars take any: the subgraph has serialised them. */
export function leafCheck(type: GraphQLLeafType): ((value: unknown) => boolean) | null {
  if (isEnumType(type)) {
    // Those that clients may not see are not in the schema of clients.
    const names = new Set(type.getValues().map(({ name }) => name));
    return (value) => typeof value === 'string' && names.has(value);
  }
  if (!isSpecifiedScalarType(type)) return null;
  switch (type.name) {
    case 'Boolean':
      return (value) => typeof value === 'boolean';
    case 'Int':
      return isWhole;
    case 'Float':
      return Number.isFinite;
    case 'ID':
      return (value) => typeof value === 'string' || isWhole(value);
    default:
      return (value) => typeof value === 'string';
  }
}

const isWhole = (value: unknown): boolean => Number.isInteger(value);
