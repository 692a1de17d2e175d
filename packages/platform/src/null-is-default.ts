import {
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
} from 'graphql';

type Args = Readonly<Record<string, unknown>>;

/**
 * Makes an explicit null mean what leaving the argument out means, wherever the argument has a
 * default. GraphQL would hand the null on, and a resolver that trusts its default would fail by it;
 * many clients send null for what their user has not chosen. Changes the schema it is given.
 */
export function nullIsDefault(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) applyTo(field);
  }
  return schema;
}

function applyTo(field: GraphQLField<unknown, unknown, Args>): void {
  const { resolve } = field;
  const defaults = field.args
    .filter(({ type, defaultValue }) => !isNonNullType(type) && defaultValue !== undefined)
    .map(({ name, defaultValue }): [string, unknown] => [name, defaultValue]);
  if (!resolve || defaults.length === 0) return;
  const resolveWithDefaults: GraphQLFieldResolver<unknown, unknown, Args> = (
    parent,
    args,
    context,
    info,
  ) => {
    const nulls = defaults.filter(([name]) => args[name] === null);
    const complete = nulls.length === 0 ? args : { ...args, ...Object.fromEntries(nulls) };
    return resolve(parent, complete, context, info);
  };
  field.resolve = resolveWithDefaults;
}
