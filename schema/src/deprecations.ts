import { isInSchema } from '@vitrine/gateway/usage/usage-report';
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';

/** What a deprecation promises. */
export interface Deprecation {
  /** A coordinate, or a member of the same type: `Product.title`, `title`. */
  readonly replacement: string;
  /** The last day, `2027-03-01`, on which what is deprecated must still be there. */
  readonly removalAfter: string;
}

export const DEPRECATION_FORM = 'Use `…` instead. Removal after YYYY-MM-DD.';

/** Reads a reason of that form, with room for explanations between the two; null for any other. */
export function readDeprecation(reason: string): Deprecation | null {
  const [, replacement, removalAfter] =
    /^Use `([^`]+)`.*\. Removal after (\d{4}-\d{2}-\d{2})\.$/s.exec(reason.trim()) ?? [];
  if (replacement === undefined || removalAfter === undefined) return null;
  const date = new Date(`${removalAfter}T00:00:00Z`);
  const isDay = !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === removalAfter;
  return isDay ? { replacement, removalAfter } : null;
}

export interface Deprecated {
  readonly coordinate: string;
  readonly reason: string;
}

/** Everything of a schema that is deprecated: fields, arguments, fields of inputs, values of enums. */
export function deprecated(schema: GraphQLSchema): Deprecated[] {
  const found: Deprecated[] = [];
  const look = (
    coordinate: string,
    { deprecationReason }: { readonly deprecationReason?: string | null | undefined },
  ): void => {
    if (typeof deprecationReason === 'string')
      found.push({ coordinate, reason: deprecationReason });
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    if (isEnumType(type)) {
      for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
    } else if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()))
        look(`${type.name}.${field.name}`, field);
    } else if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        look(`${type.name}.${field.name}`, field);
        for (const argument of field.args) {
          look(`${type.name}.${field.name}(${argument.name}:)`, argument);
        }
      }
    }
  }
  return found;
}

/** What is wrong with the deprecations of a schema, a line each. */
export const deprecationProblems = (schema: GraphQLSchema): string[] =>
  deprecated(schema).flatMap(({ coordinate, reason }) => {
    const read = readDeprecation(reason);
    if (!read) return [`\`${coordinate}\`: a deprecation says "${DEPRECATION_FORM}"`];
    const { replacement } = read;
    const sibling = `${coordinate.split('.')[0]}.${replacement}`;
    return isInSchema(schema, replacement) || isInSchema(schema, sibling)
      ? []
      : [`\`${coordinate}\`: its replacement \`${replacement}\` is not in the schema`];
  });
