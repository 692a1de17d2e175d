import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  parse,
  valueFromASTUntyped,
} from 'graphql';

/** How many items a list has, as `@listSize` says. */
export interface ListSize {
  /** Without a slicing argument. */
  readonly assumedSize: number | null;
  /** Arguments that say how many, such as `first`. */
  readonly slicingArguments: readonly string[];
  /** Fields below that are as long; without any, the field itself is. */
  readonly sizedFields: readonly string[];
  readonly requireOneSlicingArgument: boolean;
}

/** What the supergraph says about cost, by schema coordinate: `Product`, `Query.product`, `Query.product(id:)`. */
export interface Weights {
  readonly weights: ReadonlyMap<string, number>;
  readonly listSizes: ReadonlyMap<string, ListSize>;
}

const COST_SPEC = 'https://specs.apollo.dev/cost/';

/** Reads `@cost` and `@listSize` off a composed supergraph, whatever its `@link` calls them. */
export function readWeights(supergraphSdl: string): Weights {
  const document = parse(supergraphSdl, { noLocation: true });
  const names = localNames(document);
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();

  const look = (
    coordinate: string,
    directives: readonly ConstDirectiveNode[] | undefined,
  ): void => {
    for (const directive of directives ?? []) {
      if (directive.name.value === names.cost) {
        const { weight } = argumentsOf(directive);
        // A text by the specification, a whole number by Apollo's composition.
        if (Number.isFinite(Number(weight))) weights.set(coordinate, Number(weight));
      } else if (directive.name.value === names.listSize) {
        listSizes.set(coordinate, listSizeOf(argumentsOf(directive)));
      }
    }
  };
  for (const definition of document.definitions) {
    if (
      definition.kind === Kind.SCALAR_TYPE_DEFINITION ||
      definition.kind === Kind.ENUM_TYPE_DEFINITION ||
      definition.kind === Kind.UNION_TYPE_DEFINITION
    ) {
      look(definition.name.value, definition.directives);
    } else if (
      definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
      definition.kind === Kind.INTERFACE_TYPE_DEFINITION ||
      definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION
    ) {
      look(definition.name.value, definition.directives);
      for (const field of definition.fields ?? []) {
        const coordinate = `${definition.name.value}.${field.name.value}`;
        look(coordinate, field.directives);
        if (field.kind !== Kind.FIELD_DEFINITION) continue;
        for (const argument of field.arguments ?? []) {
          look(`${coordinate}(${argument.name.value}:)`, argument.directives);
        }
      }
    }
  }
  return { weights, listSizes };
}

/** Composition renames a directive of the specification where a subgraph has one of the same name. */
function localNames(document: DocumentNode): { readonly cost: string; readonly listSize: string } {
  const names = { cost: 'cost', listSize: 'listSize' };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const directive of definition.directives ?? []) {
      const { url, as: prefix, import: imports } = argumentsOf(directive);
      if (directive.name.value !== 'link' || !String(url).startsWith(COST_SPEC)) continue;
      if (typeof prefix === 'string') {
        names.cost = prefix;
        names.listSize = `${prefix}__listSize`;
      }
      for (const item of Array.isArray(imports) ? imports : []) {
        if (item === '@cost') names.cost = 'cost';
        if (item === '@listSize') names.listSize = 'listSize';
        if (item?.name === '@cost' && item.as) names.cost = String(item.as).slice(1);
        if (item?.name === '@listSize' && item.as) names.listSize = String(item.as).slice(1);
      }
    }
  }
  return names;
}

const argumentsOf = (directive: ConstDirectiveNode): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );

const listSizeOf = (given: Readonly<Record<string, unknown>>): ListSize => ({
  assumedSize: typeof given['assumedSize'] === 'number' ? given['assumedSize'] : null,
  slicingArguments: texts(given['slicingArguments']),
  sizedFields: texts(given['sizedFields']),
  requireOneSlicingArgument: given['requireOneSlicingArgument'] !== false,
});

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [];
