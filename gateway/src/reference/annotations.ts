import {
  type ConstDirectiveNode,
  isTypeDefinitionNode,
  parse,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

/** What the composed graph says of a thing beyond GraphQL itself. */
export interface Annotation {
  /** The subgraphs it comes from, in lower case; empty where all that have its type have it. */
  readonly graphs: readonly string[];
  readonly needsSignIn: boolean;
  /** Alternatives of which one must be held as a whole; empty for none. */
  readonly scopes: readonly (readonly string[])[];
  readonly policies: readonly (readonly string[])[];
  /** The weight of `@cost`. */
  readonly cost: number | null;
  readonly listSize: ListSize | null;
}

export interface ListSize {
  readonly assumedSize: number | null;
  readonly slicingArguments: readonly string[];
  readonly sizedFields: readonly string[];
}

export type Annotations = ReadonlyMap<string, Annotation>;

const nothing: Annotation = {
  graphs: [],
  needsSignIn: false,
  scopes: [],
  policies: [],
  cost: null,
  listSize: null,
};

export const annotationOf = (annotations: Annotations, coordinate: string): Annotation =>
  annotations.get(coordinate) ?? nothing;

interface Node {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

/** Reads a supergraph: by schema coordinate what its directives say. */
export function readAnnotations(supergraphSdl: string): Annotations {
  const found = new Map<string, Annotation>();
  const note = (coordinate: string, { directives = [] }: Node): void => {
    const annotation = directives.reduce(withDirective, nothing);
    if (annotation !== nothing) found.set(coordinate, annotation);
  };
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (!isTypeDefinitionNode(definition)) continue;
    const type = definition.name.value;
    if (type.includes('__')) continue;
    note(type, definition);
    if ('values' in definition) {
      for (const value of definition.values ?? []) note(`${type}.${value.name.value}`, value);
    }
    if (!('fields' in definition)) continue;
    for (const field of definition.fields ?? []) {
      const coordinate = `${type}.${field.name.value}`;
      note(coordinate, field);
      for (const argument of ('arguments' in field && field.arguments) || []) {
        note(`${coordinate}(${argument.name.value}:)`, argument);
      }
    }
  }
  return found;
}

function withDirective(known: Annotation, directive: ConstDirectiveNode): Annotation {
  const value = (name: string): unknown => {
    const node: ValueNode | undefined = directive.arguments?.find(
      (argument) => argument.name.value === name,
    )?.value;
    return node && valueFromASTUntyped(node);
  };
  switch (directive.name.value) {
    case 'join__field':
    case 'join__type':
    case 'join__enumValue': {
      const graph = value('graph');
      // A field that a subgraph only refers to, or has given away, is not its own.
      const isForeign = value('external') === true || value('usedOverridden') === true;
      return typeof graph !== 'string' || isForeign
        ? known
        : { ...known, graphs: [...new Set([...known.graphs, graph.toLowerCase()])] };
    }
    case 'authenticated':
      return { ...known, needsSignIn: true };
    case 'requiresScopes':
      return { ...known, scopes: listsOfNames(value('scopes')) };
    case 'policy':
      return { ...known, policies: listsOfNames(value('policies')) };
    case 'cost':
      return { ...known, cost: numberOf(value('weight')) };
    case 'listSize':
      return {
        ...known,
        listSize: {
          assumedSize: numberOf(value('assumedSize')),
          slicingArguments: names(value('slicingArguments')),
          sizedFields: names(value('sizedFields')),
        },
      };
    default:
      return known;
  }
}

const names = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const listsOfNames = (value: unknown): string[][] => (Array.isArray(value) ? value.map(names) : []);

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
