import { holderOf } from '@vitrine/platform/access/holders';
import { type Lack, lackOf, type Requirement } from '@vitrine/platform/access/requirements';
import type { Viewer } from '@vitrine/platform/viewer';
import type { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Graph } from '../execution/graph.ts';
import type { Operation, Variables } from '../execution/operations.ts';
import { type Needs, needsOf } from './analysis.ts';
import { type Denial, errorsOf } from './denials.ts';
import { type FilterParts, filtered } from './filter.ts';
import { denialsOf } from './places.ts';
import { rightsKeyOf } from './rights.ts';
import { rulesOf } from './rules.ts';

/** What of an operation a viewer may have. */
export interface Authorisation {
  /** What subgraphs may be asked; the very operation where nothing is denied, null for nothing. */
  readonly planned: Operation | null;
  /** One for each place that was left out, with its path, code and the scopes that are missing. */
  readonly errors: readonly GraphQLError[];
}

export interface Access {
  authorize(operation: Operation, variables: Variables, viewer: Viewer | null): Authorisation;
  /**
   * Equal only where two viewers see the same of the operation, so that a result or an upstream may
   * be shared by them. Guests are one viewer.
   */
  scopeKeyOf(operation: Operation, viewer: Viewer | null): string;
}

interface Variant {
  readonly planned: Operation | null;
  readonly denials: readonly Denial[];
}

const none: readonly GraphQLError[] = [];

/**
 * Enforces the access directives of a graph before anything is planned: what the viewer may not see
 * is taken out of the operation, so that it is never fetched. What is found out is kept by the
 * operation's key and by which requirements hold, not by viewer: people of equal rights have the
 * same operation, and so the same plan.
 */
export function accessOf(graph: Graph, max = 2_000): Access {
  const { schema } = graph;
  const rules = rulesOf(graph.supergraph);
  const needs = new LRUCache<string, Needs>({ max });
  const variants = new LRUCache<string, Variant>({ max });

  const needsOfOperation = (operation: Operation): Needs => {
    let known = needs.get(operation.key);
    if (!known) {
      known = needsOf(schema, rules, operation);
      needs.set(operation.key, known);
    }
    return known;
  };

  const variantOf = (operation: Operation, key: string, lacks: Lacks): Variant => {
    let known = variants.get(key);
    if (!known) {
      const lack = (requirement: Requirement) => lacks.get(requirement) ?? null;
      const parts: FilterParts = { schema, rules, lackOf: lack };
      // Of a subscription nothing is left without its one root field.
      known = { planned: filtered(operation, key, parts), denials: denialsOf(operation, parts) };
      variants.set(key, known);
    }
    return known;
  };

  return {
    authorize(operation, variables, viewer) {
      const { requirements } = needsOfOperation(operation);
      if (requirements.length === 0) return { planned: operation, errors: none };
      const lacks = lacksOf(requirements, viewer);
      if (lacks.size === 0) return { planned: operation, errors: none };
      const key = `${operation.key}~${outcomeOf(requirements, lacks)}`;
      const { planned, denials } = variantOf(operation, key, lacks);
      return { planned, errors: errorsOf(denials, operation.node, variables) };
    },
    scopeKeyOf(operation, viewer) {
      const { requirements, dependence } = needsOfOperation(operation);
      const outcome = outcomeOf(requirements, lacksOf(requirements, viewer));
      if (dependence === null) return outcome;
      const rights = rightsKeyOf(viewer);
      if (dependence === 'rights') return `${outcome} ${rights}`;
      if (!viewer) return `${outcome} guest`;
      // A session may gain a second factor, and an app's may hold tokens of fewer scopes.
      const { userId, sessionId, hasSecondFactor, scopes } = viewer;
      const self = [userId, sessionId, hasSecondFactor, scopes.toSorted()];
      return `${outcome} ${rights} ${JSON.stringify(self)}`;
    },
  };
}

type Lacks = ReadonlyMap<Requirement, Lack>;

function lacksOf(requirements: readonly Requirement[], viewer: Viewer | null): Lacks {
  const lacks = new Map<Requirement, Lack>();
  const holder = holderOf(viewer);
  for (const requirement of requirements) {
    const lack = lackOf(requirement, holder);
    if (lack) lacks.set(requirement, lack);
  }
  return lacks;
}

/** One sign for each requirement: whether it holds, else which part of it does not. */
const outcomeOf = (requirements: readonly Requirement[], lacks: Lacks): string =>
  requirements.map((requirement) => signOf(requirement, lacks.get(requirement))).join('');

function signOf({ scopes }: Requirement, lack: Lack | undefined): string {
  switch (lack?.kind) {
    case undefined:
      return '+';
    case 'SIGN_IN':
      return 'a';
    case 'POLICY':
      return 'p';
    case 'SECOND_FACTOR':
      return 'f';
    case 'SCOPE':
      return `s${scopes.indexOf(lack.requiredScopes)}`;
  }
}
