import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type FetchNode, isPlanNode, type QueryPlan } from '@apollo/query-planner';
import fc from 'fast-check';
import { type ExecutionResult, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { oracleExecutor } from '../../../test/oracle.ts';
import { countingOf } from '../../../test/random/entity-numbers.ts';
import { fakeSubgraph } from '../../../test/random/fake-subgraph.ts';
import { hostileSupergraph } from '../../../test/random/hostile-graph.ts';
import { randomOperation } from '../../../test/random/random-document.ts';
import { guest, silent } from '../../../test/small-graph.ts';
import { loadGraph } from '../graph.ts';
import { type Operation, operationReader } from '../operations.ts';
import { openPlans } from '../plans.ts';
import { type SubgraphSource, sourceOf } from '../source.ts';
import { compiledExecutor } from './executor.ts';
import { fetchesIn } from './fetches-in.ts';

const graphs = {
  'the platform': readFileSync(
    resolve(import.meta.dirname, '../../../../schema/supergraph.graphql'),
    'utf8',
  ),
  'a hostile graph': hostileSupergraph(),
} as const;

function openGraph(supergraphSdl: string) {
  const graph = loadGraph(supergraphSdl);
  const subgraphs = [...graph.supergraph.subgraphs()].map(({ name, schema }) => ({
    name,
    schema: schema.toGraphQLJSSchema(),
  }));
  const counting = countingOf(subgraphs.map(({ schema }) => schema));
  const plans = openPlans(graph);
  const read = operationReader(graph.schema);
  const schemas = new Map(subgraphs.map(({ name, schema }) => [name, schema]));
  return {
    graph,
    read,
    /** Null where the planner fails, or plans a document that is not valid: not an executor's affair. */
    planOf(operation: Operation): QueryPlan | null {
      try {
        const plan = plans.of(operation);
        return isPlanNode(plan.node) && fetchesIn(plan.node).some(isInvalid) ? null : plan;
      } catch {
        return null;
      }
      function isInvalid({ serviceName, operation: document }: FetchNode): boolean {
        const schema = schemas.get(serviceName);
        return !schema || validate(schema, parse(document)).length > 0;
      }
    },
    sources: (seed: number, trouble: number, change: (source: SubgraphSource) => SubgraphSource) =>
      new Map(
        subgraphs.map((subgraph) => [
          subgraph.name,
          change(fakeSubgraph({ ...subgraph, counting, seed, trouble })),
        ]),
      ),
  };
}

/** As an answer comes over HTTP: another object each time, with nothing but JSON in it. */
const overHttp = (source: SubgraphSource): SubgraphSource =>
  sourceOf({
    ...source,
    prepare(document) {
      const ask = source.prepare(document);
      return async (variables, scope) =>
        JSON.parse(JSON.stringify(await ask(JSON.parse(JSON.stringify(variables)), scope)));
    },
  });

/**
 * The oracle puts an error at the wrong element where entities before it had no representation, and
 * the planner's `@` and `_entities` into paths of errors that are nobody's in particular. Of several
 * missing values of an object both report one: the first, in orders of their own. Places are tested
 * in `executor.test.ts`.
 */
const errorsOf = ({ errors = [] }: ExecutionResult): readonly string[] => [
  ...new Set(
    errors
      .map(({ message, path, extensions }) => {
        if (extensions['code'] === 'VALUE_MISSING') return 'something is missing';
        const own = path?.map(String) ?? [];
        const list = own.findIndex((part) => part === '@' || part === '_entities');
        const place = list < 0 ? own : own.slice(0, list);
        const names = place.map((part) => (/^\d+$/.test(part) ? '#' : part));
        return JSON.stringify([message, names, extensions['code'], extensions['serviceName']]);
      })
      .toSorted(),
  ),
];

for (const [name, sdl] of Object.entries(graphs)) {
  const { graph, planOf, read, sources } = openGraph(sdl);
  for (const [shape, change] of [
    ['in process', (source: SubgraphSource) => source],
    ['as JSON', overHttp],
  ] as const) {
    test(`over ${name}, asked ${shape}, an operation is answered as the oracle answers it`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.nat(),
          fc.nat(),
          fc.constantFrom(0, 2, 8),
          fc.constantFrom('query', 'query', 'mutation'),
          async (documentSeed, dataSeed, trouble, kind) => {
            const { text, variables } = randomOperation(graph.schema, documentSeed, kind);
            const operation = read(text);
            fc.pre('document' in operation);
            const plan = planOf(operation);
            fc.pre(plan !== null);
            const request = { operation, variables };
            const fakes = sources(dataSeed, trouble, change);
            const { executePlan: ours } = compiledExecutor(graph, fakes, silent);
            const oracle = oracleExecutor(graph, fakes, silent);
            const expected = await oracle(plan, { ...request, scope: guest() });
            fc.pre(expected.data !== undefined);
            const actual = await ours(plan, { ...request, scope: guest() });
            expect(actual.data, text).toEqual(expected.data);
            expect(errorsOf(actual), text).toEqual(errorsOf(expected));
          },
        ),
        { numRuns: 150, interruptAfterTimeLimit: 3_500, endOnFailure: true },
      );
    }, 30_000);
  }
}
