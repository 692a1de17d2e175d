import { type GraphQLCompositeType, GraphQLError, type GraphQLSchema, Kind } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Operation, Variables } from '../../operations.ts';
import { type Conditions, conditionsOf, decidingVariables } from '../conditions.ts';
import { setOwn } from '../fetching/merge.ts';
import type { Data } from '../run.ts';
import { type Collected, collectFields } from './collect.ts';
import { EXPLAINED, type Faults } from './faults.ts';
import { introspection } from './introspection.ts';
import { isAboutSchema, type Shape, shapeOf } from './shapes.ts';

/** What the client is answered, made of all that subgraphs have answered. */
export interface Projection {
  /** Throws where one of the variables that decide is not a Boolean. */
  readonly conditionsOf: (variables: Variables) => Conditions;
  project(
    data: Data,
    variables: Variables,
    conditions: Conditions,
  ): { readonly data: Data | null; readonly faults: Faults };
}

/** Variables that decide may take many combinations; real clients use a few. */
const MAX_VARIANTS = 16;

/**
 * Compiles an operation against the schema of clients: names as aliased and in the client's order,
 * only what is asked for and may be seen, null where a promised value is missing. For each
 * combination of `@skip` and `@include` there is a variant, so that none is decided per object.
 */
export function compileProjection(
  schema: GraphQLSchema,
  operation: Pick<Operation, 'document' | 'node'>,
  /** Another type than the root of the operation's kind, for a part of an operation. */
  rootType: GraphQLCompositeType | undefined | null = schema.getRootType(operation.node.operation),
): Projection {
  const { document, node } = operation;
  if (!rootType) throw new Error(`The graph has no ${node.operation}`);
  const fragments = new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((definition) => [definition.name.value, definition]),
  );
  const deciding = decidingVariables(document);
  const declared = new Set(
    (node.variableDefinitions ?? []).map(({ variable }) => variable.name.value),
  );
  const answerAboutSchema = introspection(schema, operation);
  const scopes = [{ set: node.selectionSet, parent: rootType }];
  const variants = new LRUCache<string, Compiled>({ max: MAX_VARIANTS });

  const compiledFor = (conditions: Conditions): Compiled => {
    // Fragments of the document's other operations use variables that this one does not declare.
    const decided = deciding.map((name) => declared.has(name) && conditions(name));
    const key = decided.map(Number).join('');
    let compiled = variants.get(key);
    if (!compiled) {
      const values = new Map(deciding.map((name, index) => [name, decided[index] === true]));
      const variant = {
        schema,
        fragments,
        conditions: (name: string) => values.get(name) === true,
      };
      compiled = {
        shape: shapeOf(variant, rootType, scopes),
        aboutSchema: [...collectFields(variant, rootType, scopes)].filter(
          ([
            ,
            {
              fields: [field],
            },
          ]) => isAboutSchema(field?.name.value ?? ''),
        ),
      };
      variants.set(key, compiled);
    }
    return compiled;
  };

  const ownDeciding = deciding.filter((name) => declared.has(name));
  const readConditions = conditionsOf(node);

  return {
    conditionsOf(variables) {
      const conditions = readConditions(variables);
      ownDeciding.forEach(conditions);
      return conditions;
    },
    project(data, variables, conditions) {
      const { shape, aboutSchema } = compiledFor(conditions);
      const faults: Faults = [];
      const result = shape(data, faults);
      if (result === EXPLAINED) return { data: null, faults };
      for (const [name, { fields }] of aboutSchema) {
        setOwn(result, name, answerAboutSchema(name, fields, variables) ?? null);
      }
      return { data: result, faults };
    },
  };
}

/** A variant with its conditions decided. */
interface Compiled {
  readonly shape: Shape;
  readonly aboutSchema: readonly (readonly [string, Collected])[];
}

/** To a client a null in a place that promises a value is an error like any other. */
export const missingValue = ({ reversedPath }: Faults[number]): GraphQLError =>
  new GraphQLError('A value that belongs here is missing.', {
    path: reversedPath.toReversed(),
    extensions: { code: 'VALUE_MISSING' },
  });
