import type { DeferNode, DeferredNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import type { Logger } from '@vitrine/platform/logger';
import { type ExecutionResult, GraphQLError, type GraphQLSchema, isCompositeType } from 'graphql';
import { shownError } from '../errors.ts';
import { type Conditions, conditionsOf } from '../execution/compiled/conditions.ts';
import { fetchesIn } from '../execution/compiled/fetches-in.ts';
import { fault } from '../execution/compiled/fetching/failures.ts';
import { copyOf, merge } from '../execution/compiled/fetching/merge.ts';
import {
  compileProjection,
  missingValue,
  type Projection,
} from '../execution/compiled/projection/projection.ts';
import type { Run, Step } from '../execution/compiled/run.ts';
import type { TypesInReach } from '../execution/compiled/types-in-reach.ts';
import type { PlanRequest } from '../execution/execute-plan.ts';
import type { Operation } from '../execution/operations.ts';
import { arrivals } from './arrivals.ts';
import { type IncrementalItem, type IncrementalPayload, incrementalQueue } from './incremental.ts';
import { isFaithful } from './is-faithful.ts';
import { isWanted } from './is-wanted.ts';
import { labelled } from './labelled.ts';
import { type Deferred, partOf, primaryOf } from './part-of.ts';
import { objectIn, objectsAt } from './places.ts';
import { scopeAt } from './scope-at.ts';

export interface DeferredParts {
  readonly schema: GraphQLSchema;
  readonly reach: TypesInReach;
  readonly logger: Logger;
  readonly stepOf: (node: PlanNode) => Step;
}

/** Null where, with these variables, nothing is deferred, or the plan defers less than the client. */
export type ExecuteDeferred = (
  plan: QueryPlan,
  request: PlanRequest,
) => Promise<AsyncGenerator<IncrementalPayload, void, void> | null>;

/**
 * Executes a plan of which parts are deferred: answers with what is not deferred, and then with each
 * part when it is there, never before the part it belongs in.
 */
export function deferredExecutor({
  schema,
  reach,
  logger,
  stepOf,
}: DeferredParts): ExecuteDeferred {
  const projections = new WeakMap<object, Map<string, Projection>>();

  /** Compiled once for each part of a plan and type of object. */
  const projectionOf = (
    part: object,
    typeName: string,
    selected: () => Pick<Operation, 'document' | 'node'>,
  ): Projection | null => {
    let known = projections.get(part);
    if (!known) {
      known = new Map();
      projections.set(part, known);
    }
    const before = known.get(typeName);
    if (before) return before;
    const type = schema.getType(typeName);
    if (!isCompositeType(type)) return null;
    const fresh = compileProjection(schema, selected(), type);
    known.set(typeName, fresh);
    return fresh;
  };

  return async (plan, request) => {
    const { variables, scope } = request;
    const { operation, clientLabels } = labelled(request.operation);
    const conditions = conditionsOf(operation.node)(variables);
    const root = decided(plan.node, conditions);
    if (root?.kind !== 'Defer' || !isFaithful(root, operation)) return null;
    const rootType = schema.getRootType(operation.node.operation);
    if (!rootType) return null;

    const queue = incrementalQueue();
    const fetched = arrivals();
    const { arrived } = fetched;
    const base = { variables, conditions, scope, stubs: undefined, shared: null, arrived };
    const data = {};
    const newRun = (): Run => ({ ...base, data, errors: [] });
    const shown = (errors: readonly GraphQLError[]) =>
      errors.map((error) => shownError(error, { logger, requestId: scope.requestId }));

    const run = newRun();
    const sending = Promise.withResolvers<void>();
    const planned = new Set(fetchesIn(root).map(({ id }) => id));
    const fetching = Promise.withResolvers<void>();
    deferAll(root, fetching.promise, sending.promise);
    await perform(root.primary.node, run);
    fetching.resolve();
    release(root);
    const deferred = deferredBelow(root);
    const projected = projectionOf(root, rootType.name, () =>
      primaryOf(operation, deferred),
    )?.project(run.data, variables, conditions);
    const faults = projected?.faults ?? [];
    const errors = run.errors.length > 0 ? run.errors : faults.map(missingValue);
    const first: ExecutionResult = {
      data: projected?.data ?? null,
      ...(errors.length > 0 ? { errors: shown(errors) } : {}),
    };
    /** What the client has by now. */
    const sent = first.data ? copyOf(first.data) : null;
    sending.resolve();
    return queue.payloads(first);

    async function perform(node: PlanNode | undefined, partRun: Run): Promise<void> {
      if (node) {
        await stepOf(node)(partRun);
        // Those that a condition or an empty list has left out will not come.
        fetched.allOf(node);
      }
    }

    /** The planner has parts wait for fetches that it has then put together with others. */
    function release({ deferred }: DeferNode): void {
      for (const { depends } of deferred) for (const { id } of depends) arrived(id);
    }

    function deferAll(
      { deferred: parts }: DeferNode,
      whenFetched: Promise<void>,
      whenSent: Promise<void>,
    ): void {
      for (const part of parts) {
        queue.expect();
        void deferOne(part, whenFetched, whenSent);
      }
    }

    async function deferOne(
      part: DeferredNode,
      /** What it stands in has been fetched. */
      whenFetched: Promise<void>,
      whenSent: Promise<void>,
    ): Promise<void> {
      const fetching = Promise.withResolvers<void>();
      const partRun = newRun();
      const own = Promise.withResolvers<void>();
      let items: readonly IncrementalItem[] = [];
      try {
        await Promise.all(part.depends.map(({ id }) => fetched.of(id)));
        // A name that no fetch has may stand for one around this part, however far it has come.
        const isTold = part.depends.length > 0 && part.depends.every(({ id }) => planned.has(id));
        if (!isTold) await whenFetched;
        const node = decided(part.node, conditions);
        const nested = node?.kind === 'Defer' ? node : null;
        if (nested) deferAll(nested, fetching.promise, own.promise);
        await perform(nested ? nested.primary.node : node, partRun);
        fetching.resolve();
        if (nested) release(nested);
        await whenSent;
        items = itemsOf(part, partRun);
      } catch (error) {
        fault(partRun, error);
        items = [
          {
            ...labelOf(clientLabels.get(part.label ?? '')),
            path: [],
            data: null,
            errors: shown(partRun.errors),
          },
        ];
      }
      queue.deliver(items);
      fetching.resolve();
      own.resolve();
    }

    function itemsOf(part: DeferredNode, partRun: Run): readonly IncrementalItem[] {
      if (!isWanted(operation, part, conditions)) return [];
      const { queryPath } = part;
      const declared = scopeAt(schema, operation, queryPath)?.type.name ?? '';
      const selected = () => partOf(operation, part.label ?? '', deferred, declared);
      const open = [...partRun.errors];
      const items = objectsAt(data, queryPath, reach).flatMap(({ place, data: source }) => {
        const target = objectIn(sent, place);
        const typeName = String(source['__typename'] ?? declared);
        const projection = target && projectionOf(part, typeName, selected);
        if (!projection) return [];
        const result = projection.project(source, variables, conditions);
        if (result.data) merge(target, copyOf(result.data));
        const missing = partRun.errors.length > 0 ? [] : result.faults.map(missingValue);
        const errors = [...takeBelow(open, place), ...missing.map((error) => moved(error, place))];
        return [
          {
            ...labelOf(clientLabels.get(part.label ?? '')),
            path: place,
            data: result.data,
            errors,
          },
        ];
      });
      return items.map(({ errors, ...item }, index): IncrementalItem => {
        const all = shown(index === 0 ? [...errors, ...open] : errors);
        return all.length > 0 ? { ...item, errors: all } : item;
      });
    }
  };
}

const labelOf = (label: string | undefined) => (label === undefined ? {} : { label });

const deferredIn = new WeakMap<DeferNode, Deferred>();

/**
 * The labels of all parts that a plan defers, those within other parts too. One of the client's that
 * the planner has left out comes with what it stands in.
 */
function deferredBelow(root: DeferNode): Deferred {
  let labels = deferredIn.get(root);
  if (!labels) {
    labels = new Set(
      defersIn(root).flatMap((node) => node.deferred.flatMap(({ label }) => label ?? [])),
    );
    deferredIn.set(root, labels);
  }
  return labels;
}

function defersIn(node: PlanNode | undefined): readonly DeferNode[] {
  if (node?.kind === 'Condition') return [node.ifClause, node.elseClause].flatMap(defersIn);
  if (node?.kind !== 'Defer') return [];
  return [node, ...node.deferred.flatMap((part) => defersIn(part.node))];
}

const decided = (node: QueryPlan['node'], conditions: Conditions): PlanNode | undefined => {
  if (node?.kind === 'Subscription') throw new Error('A subscription defers nothing');
  if (node?.kind !== 'Condition') return node;
  return decided(conditions(node.condition) ? node.ifClause : node.elseClause, conditions);
};

/** Takes the errors that belong below a place out of the list. */
function takeBelow(errors: GraphQLError[], place: readonly (string | number)[]): GraphQLError[] {
  const isBelow = ({ path }: GraphQLError) => place.every((part, at) => path?.[at] === part);
  const taken = errors.filter((error) => error.path && isBelow(error));
  for (const error of taken) errors.splice(errors.indexOf(error), 1);
  return taken;
}

const moved = (error: GraphQLError, place: readonly (string | number)[]): GraphQLError =>
  new GraphQLError(error.message, {
    path: [...place, ...(error.path ?? [])],
    extensions: error.extensions,
  });
