import type { ConditionNode, FetchNode, PlanNode } from '@apollo/query-planner';
import type { Asking } from './fetching/asking.ts';
import { batchStep } from './fetching/batch.ts';
import type { PlanPath } from './fetching/entities.ts';
import { compileFetch, entityStep, rootStep } from './fetching/fetch.ts';
import type { Run, Step } from './run.ts';
import type { TypesInReach } from './types-in-reach.ts';

export interface StepParts {
  readonly asking: Asking;
  readonly reach: TypesInReach;
}

/** A node of a plan, and where in the answer it works. */
interface Placed<Node extends PlanNode = PlanNode> {
  readonly node: Node;
  readonly path: PlanPath;
}

export function compileStep({ node, path }: Placed, parts: StepParts): Step {
  switch (node.kind) {
    case 'Fetch': {
      const fetch = compileFetch(node, path, parts.reach);
      const ask = parts.asking.of(node);
      return arriving(node.requires ? entityStep(fetch, ask) : rootStep(fetch, ask), [node.id]);
    }
    case 'Flatten':
      return compileStep({ node: node.node, path: joined(path, node.path) }, parts);
    case 'Sequence':
      return inSequence(node.nodes.map((inner) => compileStep({ node: inner, path }, parts)));
    case 'Parallel':
      return compileParallel(
        node.nodes.map((inner) => ({ node: inner, path })),
        parts,
      );
    case 'Condition':
      return compileCondition({ node, path }, parts);
    case 'Defer':
      throw new Error('A part of a plan is deferred that may not be');
  }
}

const joined = (path: PlanPath, more: readonly (string | number)[]): PlanPath => [
  ...path,
  ...more.map(String),
];

/** Tells that fetches have arrived, where parts of the plan are deferred until then. */
function arriving(step: Step, ids: readonly (string | undefined)[]): Step {
  const awaited = ids.filter((id) => id !== undefined);
  if (awaited.length === 0) return step;
  return inSequence([
    step,
    ({ arrived }) => {
      if (arrived) awaited.forEach(arrived);
      return undefined;
    },
  ]);
}

function compileCondition({ node, path }: Placed<ConditionNode>, parts: StepParts): Step {
  const branch = (inner: PlanNode | undefined): Step =>
    inner ? compileStep({ node: inner, path }, parts) : () => undefined;
  const whenTrue = branch(node.ifClause);
  const whenFalse = branch(node.elseClause);
  return (run) => (run.conditions(node.condition) ? whenTrue(run) : whenFalse(run));
}

/** Steps one after the other. */
export function inSequence(steps: readonly Step[]): Step {
  const [first] = steps;
  if (first && steps.length === 1) return first;
  const from = (start: number, run: Run): Promise<void> | undefined => {
    for (let at = start; at < steps.length; at += 1) {
      const waiting = steps[at]?.(run);
      if (waiting) return waiting.then(() => from(at + 1, run));
    }
    return undefined;
  };
  return (run) => from(0, run);
}

export function inParallel(steps: readonly Step[]): Step {
  const [first] = steps;
  if (first && steps.length === 1) return first;
  return (run) => {
    let waiting: Promise<void>[] | null = null;
    for (const step of steps) {
      const promise = step(run);
      if (promise) {
        waiting ??= [];
        waiting.push(promise);
      }
    }
    if (!waiting) return undefined;
    return waiting.length === 1 ? waiting[0] : Promise.all(waiting).then(nothing);
  };
}

const nothing = (): void => {};

/** Branches whose first fetches ask one subgraph for entities ask it in one request. */
function compileParallel(branches: readonly Placed[], parts: StepParts): Step {
  const leads = branches.map(leadOf);
  const groups = Map.groupBy(
    leads.flatMap((lead) => lead ?? []),
    ({ fetch }) => fetch.node.serviceName,
  );
  const steps = branches.flatMap((branch, index): Step[] => {
    const lead = leads[index];
    const group = lead && groups.get(lead.fetch.node.serviceName);
    if (!group || group.length === 1) return [compileStep(branch, parts)];
    return group[0] === lead ? [compileBatch(lead.fetch.node.serviceName, group, parts)] : [];
  });
  return inParallel(steps);
}

function compileBatch(serviceName: string, leads: readonly Lead[], parts: StepParts): Step {
  const batch = batchStep(
    serviceName,
    leads.map(({ fetch: { node, path } }) => compileFetch(node, path, parts.reach)),
    parts.asking,
  );
  const rests = leads.flatMap(({ rest }) =>
    rest.length > 0 ? [inSequence(rest.map((inner) => compileStep(inner, parts)))] : [],
  );
  const all = arriving(
    batch,
    leads.map(({ fetch }) => fetch.node.id),
  );
  return rests.length > 0 ? inSequence([all, inParallel(rests)]) : all;
}

/** A branch that begins with a fetch of entities. */
interface Lead {
  readonly fetch: Placed<FetchNode>;
  readonly rest: readonly Placed[];
}

function leadOf({ node, path }: Placed): Lead | null {
  switch (node.kind) {
    case 'Fetch':
      return node.requires ? { fetch: { node, path }, rest: [] } : null;
    case 'Flatten':
      return leadOf({ node: node.node, path: joined(path, node.path) });
    case 'Sequence': {
      const [first, ...others] = node.nodes;
      const lead = first ? leadOf({ node: first, path }) : null;
      return (
        lead && { ...lead, rest: [...lead.rest, ...others.map((other) => ({ node: other, path }))] }
      );
    }
    default:
      return null;
  }
}
