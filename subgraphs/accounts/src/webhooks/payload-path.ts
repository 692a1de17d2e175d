import type { PayloadSchema } from '@vitrine/events/topics/topic';

/*
 * Paths into payloads: names joined by dots, such as `lines.price.amount`. A list is passed through,
 * so a path means that field of every item.
 */

const withoutNull = (schema: PayloadSchema): PayloadSchema =>
  schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;

const throughLists = (schema: PayloadSchema): PayloadSchema => {
  const plain = withoutNull(schema);
  return plain.items ? throughLists(plain.items) : plain;
};

function child(schema: PayloadSchema, name: string): PayloadSchema | null {
  const { properties, additionalProperties } = throughLists(schema);
  if (properties) return Object.hasOwn(properties, name) ? (properties[name] ?? null) : null;
  return typeof additionalProperties === 'object' ? additionalProperties : null;
}

/** What stands at a path, or null where the payload has no such field. */
export function schemaAt(schema: PayloadSchema, path: string): PayloadSchema | null {
  let at: PayloadSchema | null = schema;
  for (const name of path.split('.')) at = at && name !== '' ? child(at, name) : null;
  return at && throughLists(at);
}

/** Whether a path ends at a single value that can be compared. */
export const isComparable = (schema: PayloadSchema | null): boolean =>
  [schema?.type ?? []]
    .flat()
    .some((type) => ['string', 'integer', 'number', 'boolean'].includes(type));

/** Every single value at a path, as text. */
export function valuesAt(data: unknown, path: string): string[] {
  let at: unknown[] = [data];
  for (const name of path.split('.')) {
    at = at
      .flatMap((value) => (Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value]))
      .flatMap((value) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? // an object, as just checked
            [(value as Record<string, unknown>)[name]]
          : [],
      );
  }
  return at
    .flat(Number.POSITIVE_INFINITY)
    .filter((value) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(String);
}

/** A copy of the data with nothing but the paths in it; lists keep their length. */
export function pick(data: unknown, paths: readonly string[]): unknown {
  if (Array.isArray(data)) return data.map((item) => pick(item, paths));
  if (typeof data !== 'object' || data === null) return data;
  const below = Map.groupBy(paths, (path) => path.split('.', 1)[0] ?? '');
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => {
      const own = below.get(name);
      if (!own) return [];
      // Who asks for the whole gets it, whatever parts of it are asked for beside.
      if (own.includes(name)) return [[name, value]];
      return [
        [
          name,
          pick(
            value,
            own.map((path) => path.slice(name.length + 1)),
          ),
        ],
      ];
    }),
  );
}
