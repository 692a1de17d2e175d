import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import type { UsageFile, Use } from './usage-file.ts';

/** What is known of one thing of the schema. */
export interface Reported {
  readonly coordinate: string;
  readonly count: number;
  readonly uses: readonly Use[];
}

export interface UsageReport {
  readonly since: string;
  readonly until: string;
  /** The most used first. */
  readonly used: readonly Reported[];
  /** Fields, fields of inputs and values of enums that nobody used, in the order of the schema. */
  readonly neverUsed: readonly string[];
}

/** Use of the schema as it is; of what is no longer in it nothing is said. */
export function usageReport(
  schema: GraphQLSchema,
  { since, until, usage }: UsageFile,
  only?: string,
): UsageReport {
  const isWanted = (coordinate: string) => only === undefined || coordinate === only;
  const used = Object.entries(usage)
    .filter(([coordinate, uses]) => isWanted(coordinate) && uses.length > 0)
    .map(([coordinate, uses]) => ({
      coordinate,
      count: uses.reduce((sum, { count }) => sum + count, 0),
      uses,
    }))
    .toSorted(
      (one, other) => other.count - one.count || (one.coordinate < other.coordinate ? -1 : 1),
    );
  const seen = new Set(Object.keys(usage));
  const neverUsed = fieldsOf(schema)
    .filter(
      ({ coordinate, through }) =>
        isWanted(coordinate) && ![coordinate, ...through].some((c) => seen.has(c)),
    )
    .map(({ coordinate }) => coordinate);
  return { since, until, used, neverUsed };
}

interface KnownField {
  readonly coordinate: string;
  /** The same field of the interfaces of its type: who asks there is answered here. */
  readonly through: readonly string[];
}

/** Everything of a schema that clients can use or leave, but for arguments and types. */
export function fieldsOf(schema: GraphQLSchema): KnownField[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type))
    .flatMap((type): KnownField[] => {
      if (isEnumType(type)) {
        return type
          .getValues()
          .map(({ name }) => ({ coordinate: `${type.name}.${name}`, through: [] }));
      }
      if (isInputObjectType(type)) {
        return Object.keys(type.getFields()).map((name) => ({
          coordinate: `${type.name}.${name}`,
          through: [],
        }));
      }
      if (!isObjectType(type) && !isInterfaceType(type)) return [];
      return Object.keys(type.getFields()).map((name) => ({
        coordinate: `${type.name}.${name}`,
        through: type
          .getInterfaces()
          .filter((parent) => name in parent.getFields())
          .map((parent) => `${parent.name}.${name}`),
      }));
    });
}

/** Whether the schema has something at a coordinate: a type, a field, an argument, a value. */
export function isInSchema(schema: GraphQLSchema, coordinate: string): boolean {
  const [, typeName = '', member, argument] =
    /^(\w+)(?:\.(\w+)(?:\((\w+):\))?)?$/.exec(coordinate) ?? [];
  const type = schema.getType(typeName);
  if (!type) return false;
  if (member === undefined) return true;
  if (isEnumType(type)) return argument === undefined && Boolean(type.getValue(member));
  if (isInputObjectType(type)) return argument === undefined && member in type.getFields();
  if (!isObjectType(type) && !isInterfaceType(type)) return false;
  const field = type.getFields()[member];
  return Boolean(
    field && (argument === undefined || field.args.some(({ name }) => name === argument)),
  );
}

/** The report for people. */
export function reportLines({ since, until, used, neverUsed }: UsageReport): string[] {
  return [
    `Use of the graph from ${since} to ${until}, in operations.`,
    '',
    ...used.flatMap(({ coordinate, count, uses }) => [
      `${coordinate}  ${count}`,
      ...uses.map((use) => `    ${useLine(use)}`),
    ]),
    ...(used.length > 0 ? [''] : []),
    `${neverUsed.length} never used${neverUsed.length > 0 ? ':' : '.'}`,
    ...neverUsed.map((coordinate) => `    ${coordinate}`),
  ];
}

/** Such as `web 1.4: 1200 times, last on 2026-11-22`. */
export const useLine = ({ client, version, count, lastSeen }: Use): string =>
  `${client} ${version}: ${count} ${count === 1 ? 'time' : 'times'}, last on ${lastSeen}`;
