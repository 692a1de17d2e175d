import type { DeferNode, DeferredNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import type { Logger } from '@vitrine/platform/logger';
import { type ExecutionResult, GraphQLError, type GraphQLSchema, isCompositeType } from 'graphql';
import { shownError } from '../errors.ts';
import { type Conditions, conditionsOf } from '../execution/compiled/conditions.ts';
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
import { isWanted } from './is-wanted.ts';
import { aboutRoot, partOf, wayTo } from './part-of.ts';
import { objectIn, objectsAt } from './places.ts';
import { scopeAt } from './scope-at.ts';

export interface DeferredParts {
  readonly schema: GraphQLSchema;
  readonly reach: TypesInReach;
  readonly logger: Logger;
  readonly stepOf: (node: PlanNode) => Step;
}

/** Null where, with these variables, nothing is deferred. */
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
    const { operation, variables, scope } = request;
    const conditions = conditionsOf(operation.node)(variables);
    const root = decided(plan.node, conditions);
    if (root?.kind !== 'Defer') return null;
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
    deferAll(root, sending.promise);
    await perform(root.primary.node, run);
    release(root);
    const projected = projectionOf(root, rootType.name, () =>
      partOf(operation, root.primary.subselection, [
        ...aboutRoot(operation),
        ...root.deferred.flatMap(({ queryPath }) =>
          wayTo(operation, scopeAt(schema, operation, []), queryPath, false),
        ),
      ]),
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

    function deferAll({ deferred }: DeferNode, whenSent: Promise<void>): void {
      for (const part of deferred) {
        queue.expect();
        void deferOne(part, whenSent);
      }
    }

    async function deferOne(part: DeferredNode, whenSent: Promise<void>): Promise<void> {
      const partRun = newRun();
      const own = Promise.withResolvers<void>();
      let items: readonly IncrementalItem[] = [];
      try {
        await Promise.all(part.depends.map(({ id }) => fetched.of(id)));
        const node = decided(part.node, conditions);
        const nested = node?.kind === 'Defer' ? node : null;
        if (nested) deferAll(nested, own.promise);
        await perform(nested ? nested.primary.node : node, partRun);
        if (nested) release(nested);
        await whenSent;
        items = itemsOf(part, nested, partRun);
      } catch (error) {
        fault(partRun, error);
        items = [{ ...labelOf(part), path: [], data: null, errors: shown(partRun.errors) }];
      }
      queue.deliver(items);
      own.resolve();
    }

    function itemsOf(
      part: DeferredNode,
      nested: DeferNode | null,
      partRun: Run,
    ): readonly IncrementalItem[] {
      if (!isWanted(operation, part, conditions)) return [];
      const { queryPath } = part;
      const scopeOfPart = scopeAt(schema, operation, queryPath);
      const declared = scopeOfPart?.type.name ?? '';
      const selected = () =>
        partOf(
          operation,
          nested ? nested.primary.subselection : part.subselection,
          (nested?.deferred ?? []).flatMap((inner) =>
            wayTo(operation, scopeOfPart, inner.queryPath.slice(queryPath.length), true),
          ),
        );
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
        return [{ ...labelOf(part), path: place, data: result.data, errors }];
      });
      return items.map(({ errors, ...item }, index): IncrementalItem => {
        const all = shown(index === 0 ? [...errors, ...open] : errors);
        return all.length > 0 ? { ...item, errors: all } : item;
      });
    }
  };
}

const labelOf = ({ label }: DeferredNode) => (label === undefined ? {} : { label });

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
