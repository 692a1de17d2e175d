import type { FetchNode } from '@apollo/query-planner';
import { gatewayError } from '../../../errors.ts';
import { invalidAnswerError } from '../../../sources/away.ts';
import type { Variables } from '../../operations.ts';
import type { SubgraphAnswer } from '../../source.ts';
import { type Data, isData, type Run, type Step } from '../run.ts';
import type { TypesInReach } from '../types-in-reach.ts';
import type { Ask } from './asking.ts';
import { commonPlace, entitiesAt, type Place, type PlanPath, placesAt } from './entities.ts';
import { fault, type PlacesOf, report } from './failures.ts';
import { copyOf, merge } from './merge.ts';
import { noRepresentations, type Representations, represent } from './representation-list.ts';
import { compileRepresentation, type Represent } from './representations.ts';
import { compileRewrites, type Rewrite } from './rewrites.ts';

/** A fetch of a plan, with all that can be known of it before it is made. */
export interface Fetch {
  readonly node: FetchNode;
  /** Where its entities stand; empty for the root. */
  readonly path: PlanPath;
  readonly represent: Represent;
  readonly rewriteOutput: Rewrite | null;
  readonly variablesOf: (variables: Variables) => Data;
  readonly reach: TypesInReach;
}

export const compileFetch = (node: FetchNode, path: PlanPath, reach: TypesInReach): Fetch => ({
  node,
  path,
  represent: compileRepresentation(
    node.requires ?? [],
    compileRewrites(node.inputRewrites, reach),
    reach,
  ),
  rewriteOutput: compileRewrites(node.outputRewrites, reach),
  variablesOf: picker(node.variableUsages ?? []),
  reach,
});

/** The variables that a document uses. One that the client left out is left out: it has a default. */
export const picker =
  (names: readonly string[]) =>
  (variables: Variables): Data => {
    const picked: Data = {};
    for (const name of names) {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (value !== undefined) picked[name] = value;
    }
    return picked;
  };

/** A fetch of root fields; at a path where an entity leads back to the root type. */
export function rootStep({ node, path, rewriteOutput, variablesOf }: Fetch, ask: Ask): Step {
  const apply = (run: Run, { data, errors }: SubgraphAnswer): void => {
    if (errors) {
      const prefix = commonPlace(path);
      // Below a list no one place is meant.
      const isList = prefix.length < path.length;
      report(run, node.serviceName, errors, (place) => [
        place && (isList ? prefix : [...prefix, ...place]),
      ]);
    }
    if (!data) return;
    rewriteOutput?.(data);
    const targets = path.length === 0 ? [run.data] : entitiesAt(run.data, path);
    targets.forEach((target, index) => {
      merge(target, index === 0 && !ask.isShared ? data : copyOf(data));
    });
  };
  return (run) => {
    if (path.length > 0 && entitiesAt(run.data, path).length === 0) return undefined;
    return settle(run, () => ask.send(variablesOf(run.variables), run), apply);
  };
}

/** A fetch of entities by their representations. */
export function entityStep(fetch: Fetch, ask: Ask): Step {
  return (run) => {
    const representations = noRepresentations();
    const asked = askFor(run, fetch, representations);
    if (representations.list.length === 0) return undefined;
    const send = () => {
      const variables = entityVariables(fetch, run);
      variables['representations'] = representations.list;
      return ask.send(variables, run);
    };
    return settle(run, send, (_run, answer) => {
      if (answer.errors) {
        report(run, fetch.node.serviceName, answer.errors, entityPlaces(run, asked));
      }
      mergeEntities(asked, answer, '_entities', ask.isShared);
    });
  };
}

/** The entities of one fetch in one execution. */
export interface Asked {
  readonly fetch: Fetch;
  readonly entities: readonly Data[];
  /** Those of the request, which may be for other fetches too. */
  readonly representations: Representations;
  /** For each entity the index of its representation, or -1. */
  readonly indexes: readonly number[];
}

export function askFor(run: Run, fetch: Fetch, representations: Representations): Asked {
  const entities = entitiesAt(run.data, fetch.path);
  const indexes = represent(entities, fetch.represent, representations);
  return { fetch, entities, representations, indexes };
}

/** The client's variables for a fetch of entities, to which the representations are to be added. */
export function entityVariables(fetch: Fetch, run: Run): Data {
  const variables = fetch.variablesOf(run.variables);
  if (Object.hasOwn(variables, 'representations')) {
    throw gatewayError(
      'BAD_USER_INPUT',
      'Give the variable "$representations" another name: this one is used between the services.',
    );
  }
  return variables;
}

/** An error at a representation belongs to every entity that it stands for. */
export function entityPlaces(run: Run, { fetch, indexes, representations }: Asked): PlacesOf {
  let places: readonly Place[] | null = null;
  return (path) => {
    if (!path) return [undefined];
    const index = path[1];
    if (typeof index !== 'number' || index >= representations.list.length) {
      return [commonPlace(fetch.path)];
    }
    places ??= placesAt(run.data, fetch.path);
    const rest = path.slice(2);
    return places
      .filter((_place, entity) => indexes[entity] === index)
      .map((place) => [...place, ...rest]);
  };
}

export function mergeEntities(
  { fetch, entities, indexes, representations: { list } }: Asked,
  { data, errors }: SubgraphAnswer,
  alias: string,
  isShared: boolean,
): void {
  const received = data?.[alias];
  if (!Array.isArray(received) || received.length !== list.length) {
    // Without data there is an error that says why.
    if (data || !errors) throw invalidAnswerError(fetch.node.serviceName);
    return;
  }
  const { rewriteOutput, reach } = fetch;
  for (let index = 0; index < entities.length; index += 1) {
    const target = entities[index];
    const entity: unknown = received[indexes[index] ?? -1];
    if (!target || !isData(entity)) continue;
    const mine = isShared ? copyOf(entity) : entity;
    if (rewriteOutput) {
      mine['__typename'] ??= target['__typename'];
      rewriteOutput(mine);
    }
    keepTypeName(target, mine, reach);
    merge(target, mine);
  }
}

/**
 * A subgraph of `@interfaceObject` calls an entity by the name of the interface: it says less than
 * what is known, and with it the client would be answered null.
 */
function keepTypeName(target: Data, received: Data, reach: TypesInReach): void {
  const known = target['__typename'];
  const name = received['__typename'];
  if (typeof known !== 'string' || typeof name !== 'string' || known === name) return;
  if (reach(name).has(known)) received['__typename'] = known;
}

/** Carries on with an answer, at once where it is there at once; whatever is thrown is a fault of ours. */
export function settle(
  run: Run,
  send: () => Promise<SubgraphAnswer> | SubgraphAnswer,
  apply: (run: Run, answer: SubgraphAnswer) => void,
): Promise<void> | undefined {
  try {
    const answer = send();
    if (answer instanceof Promise) return settleLater(run, answer, apply);
    apply(run, answer);
  } catch (error) {
    fault(run, error);
  }
  return undefined;
}

async function settleLater(
  run: Run,
  answer: Promise<SubgraphAnswer>,
  apply: (run: Run, answer: SubgraphAnswer) => void,
): Promise<void> {
  try {
    apply(run, await answer);
  } catch (error) {
    fault(run, error);
  }
}
