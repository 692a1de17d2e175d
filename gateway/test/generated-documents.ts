import {
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { numberOf } from './generated-resolvers.ts';

/**
 * A valid document that depends on the seed alone: aliases, fragments on objects and abstract types,
 * fields selected twice, `@skip` and `@include` by `$yes` and `$no`. `literalOf` gives a literal for a
 * required argument, or null for a field to leave out.
 */
export function generateDocument(
  schema: GraphQLSchema,
  root: GraphQLObjectType,
  seed: number,
  literalOf: (typeName: string) => string | null,
): string {
  let count = 0;
  const next = (limit: number): number => {
    count += 1;
    return numberOf(seed, String(count), limit);
  };
  const conditions = ['', '', '', ' @skip(if: $no)', ' @include(if: $yes)', ' @skip(if: $yes)'];

  const selectionOf = (type: GraphQLNamedType, depth: number): string => {
    const parts = ['__typename'];
    const wanted = 1 + next(5);
    for (let i = 0; i < wanted && count < 400; i += 1) parts.push(partOf(type, depth));
    return `{ ${parts.filter((part) => part !== '').join(' ')} }`;
  };
  const partOf = (type: GraphQLNamedType, depth: number): string => {
    const condition = conditions[next(conditions.length)];
    if (isAbstractType(type) && (next(3) > 0 || !isInterfaceType(type))) {
      const types = schema.getPossibleTypes(type);
      const inner = types[next(types.length)];
      return inner ? `... on ${inner.name}${condition} ${selectionOf(inner, depth)}` : '';
    }
    if (isObjectType(type) && next(6) === 0) return `...${condition} ${selectionOf(type, depth)}`;
    return isObjectType(type) || isInterfaceType(type) ? fieldOf(type, depth, condition ?? '') : '';
  };
  const fieldOf = (
    type: GraphQLObjectType | GraphQLInterfaceType,
    depth: number,
    condition: string,
  ): string => {
    const fields = Object.values(type.getFields()).filter(({ name }) => !name.startsWith('_'));
    const field = fields[next(fields.length)];
    if (!field) return '';
    const inner = getNamedType(field.type);
    if (isCompositeType(inner) && depth <= 0) return '';
    const given = field.args.filter(isRequiredArgument).map((argument) => {
      const literal = literalOf(String(argument.type));
      return literal === null ? null : `${argument.name}: ${literal}`;
    });
    if (given.includes(null)) return '';
    // The alias tells the whole field, so that two of the same name always merge.
    const alias = next(4) === 0 ? `${type.name}_${field.name}: ` : '';
    const args = given.length > 0 ? `(${given.join(', ')})` : '';
    const set = isCompositeType(inner) ? ` ${selectionOf(inner, depth - 1)}` : '';
    return `${alias}${field.name}${args}${condition}${set}`;
  };
  const used = '... @include(if: $yes) { __typename } ... @skip(if: $no) { __typename }';
  return `($yes: Boolean! = true, $no: Boolean!) { ${used} ... ${selectionOf(root, 4)} }`;
}
