import {
  type DocumentNode,
  execute,
  type FieldDefinitionNode,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  validate,
} from 'graphql';
import { type SubgraphAnswer, type SubgraphSource, sourceOf } from '../../src/execution/source.ts';
import type { Counting } from './entity-numbers.ts';
import { numberOf } from './numbers.ts';

/** An object of a fake subgraph: all of its fields follow from its identity. */
interface Fake {
  readonly __typename: string;
  readonly identity: string;
  /** Of an entity. */
  readonly number: number | null;
  /** What came with its representation. */
  readonly given: Readonly<Record<string, unknown>>;
}

export interface FakeSubgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly counting: ReadonlyMap<string, Counting>;
  readonly seed: number;
  /** Of a hundred fields, how many are null, or an error. */
  readonly trouble: number;
}

/**
 * Answers any valid document with values that depend on the seed and on the place in the graph, never
 * on the document: whichever way a subgraph is asked, it tells the same. A document that is not valid
 * is a failure of the test.
 */
export function fakeSubgraph(subgraph: FakeSubgraph): SubgraphSource {
  const { name, schema, seed, trouble } = subgraph;
  const isAway = numberOf(seed, `away ${name}`, 100) < trouble / 2;
  const fieldResolver = resolverOf(subgraph);
  return sourceOf({
    name,
    prepare(request) {
      const document = validDocument(schema, request.document);
      const answer = async (variables: Readonly<Record<string, unknown>>) => {
        const { data, errors } = await execute({
          schema,
          document,
          variableValues: variables,
          fieldResolver,
          typeResolver: (value) => (value as Fake).__typename, // all objects are made below
        });
        return {
          ...(data === undefined ? {} : { data }),
          ...(errors ? { errors: errors.map((error) => error.toJSON()) } : {}),
        };
      };
      const away: SubgraphAnswer = {
        errors: [{ message: `${name} is away`, extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
      };
      return (variables) => (isAway ? away : answer(variables));
    },
    subscribe: async () => ({ errors: [] }),
    close: async () => {},
  });
}

function validDocument(schema: GraphQLSchema, text: string): DocumentNode {
  const document = parse(text);
  const errors = validate(schema, document);
  if (errors.length > 0) throw new Error(`${errors.map(String).join('\n')}\n${text}`);
  return document;
}

function resolverOf(subgraph: FakeSubgraph): GraphQLFieldResolver<Fake | undefined, unknown> {
  const { seed, trouble, counting, schema } = subgraph;
  const luck = (words: string, limit: number) => numberOf(seed, words, limit);

  const entity = (typeName: string, number: number, given: Fake['given'] = {}): Fake => {
    const { name = typeName, types = [typeName] } = counting.get(typeName) ?? {};
    const concrete = types[number % types.length] ?? typeName;
    // A subgraph that knows an interface as an object knows none of its types.
    const known = isObjectType(schema.getType(typeName)) ? typeName : concrete;
    return { __typename: known, identity: `${name}:${number}`, number, given };
  };

  const objectOf = (typeName: string, at: string): Fake => {
    const counted = counting.get(typeName);
    if (!counted) {
      // The root is one and the same wherever a field leads back to it.
      const identity = typeName === schema.getQueryType()?.name ? typeName : at;
      return { __typename: typeName, identity, number: null, given: {} };
    }
    const own = Math.max(counted.types.indexOf(typeName), 0);
    const any = isObjectType(schema.getType(typeName)) && counted.name !== typeName;
    const round = luck(`${at} number`, 3) * counted.types.length;
    return entity(typeName, any ? round + own : round + luck(`${at} type`, counted.types.length));
  };

  const outcome = (type: GraphQLOutputType, at: string, typeName: string): unknown => {
    const drawn = luck(at, 1_000);
    if (drawn < trouble * 3) {
      throw new GraphQLError(`refused at ${at}`, { extensions: { code: 'FORBIDDEN' } });
    }
    if (drawn < trouble * 10 && !isNonNullType(type)) return null;
    return value(isNonNullType(type) ? type.ofType : type, at, typeName);
  };

  const value = (type: GraphQLOutputType, at: string, typeName: string): unknown => {
    if (isListType(type)) {
      return Array.from({ length: luck(`${at} length`, 4) }, (_, index) => {
        try {
          return outcome(type.ofType, `${at}/${index}`, typeName);
        } catch (error) {
          return error;
        }
      });
    }
    if (isAbstractType(type)) {
      if (counting.has(type.name)) return objectOf(type.name, at);
      const types = schema.getPossibleTypes(type);
      return objectOf(types[luck(`${at} of`, types.length)]?.name ?? '', at);
    }
    if (isObjectType(type)) return objectOf(type.name, at);
    if (isEnumType(type)) return type.getValues()[luck(at, type.getValues().length)]?.value;
    if (String(type) === 'Boolean') return luck(at, 2) === 0;
    // Never 0 nor '': the oracle takes a falsy value under a renamed key for none.
    return String(type) === 'Int' || String(type) === 'Float' ? 1 + luck(at, 99) : `${at}`;
  };

  return (source, args, _context, { fieldName, parentType, returnType, schema: own }) => {
    if (fieldName === '_entities') {
      const { representations } = args as { representations: readonly Fake['given'][] };
      return representations.map((given) => {
        const key = given['id'] ?? given['sku'];
        if (typeof key !== 'string') return null;
        const number = Number(key.slice(key.indexOf('-') + 1));
        const found = entity(String(given['__typename']), number, given);
        const at = `${subgraph.name} finds ${found.identity}`;
        const drawn = luck(at, 1_000);
        if (drawn < trouble * 2) {
          return new GraphQLError(`no entry: ${at}`, { extensions: { code: 'FORBIDDEN' } });
        }
        return drawn < trouble * 4 ? null : found;
      });
    }
    if (source && source.number !== null && (fieldName === 'id' || fieldName === 'sku')) {
      return `${fieldName}-${source.number}`;
    }
    const definition = own.getType(parentType.name);
    const required = isObjectType(definition)
      ? requirementsOf(definition.getFields()[fieldName]?.astNode)
      : [];
    const seen = required.map((needed) => JSON.stringify(source?.given[needed]));
    const at = `${source?.identity ?? parentType.name}.${fieldName}${JSON.stringify(args)}${seen.join()}`;
    return outcome(returnType, at, parentType.name);
  };
}

/** The names at the top of what a field `@requires`. */
function requirementsOf(node: FieldDefinitionNode | null | undefined): readonly string[] {
  const requires = node?.directives?.find(({ name }) => /(^|_)requires$/.test(name.value));
  const given = requires?.arguments?.[0]?.value;
  if (given?.kind !== Kind.STRING) return [];
  const [operation] = parse(`{ ${given.value} }`).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
  return operation.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.name.value] : [],
  );
}
