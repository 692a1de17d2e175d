import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

/** Coordinates of everything in a schema that lacks a description: types, fields, arguments, enum values. */
export function undescribed(schema: GraphQLSchema): string[] {
  const missing: string[] = [];
  const look = (
    coordinate: string,
    { description }: { description?: string | null | undefined },
  ) => {
    if (!description?.trim()) missing.push(coordinate);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    look(type.name, type);
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
  return missing;
}
