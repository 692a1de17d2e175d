import { AsyncLocalStorage } from 'node:async_hooks';
import { type GraphQLSchema, isObjectType } from 'graphql';
import type { RequestScope } from './subgraph.ts';

/** On whose account work runs: a request's, or a job's by the name of its queue or timer. */
export type Acting =
  | { readonly scope: Pick<RequestScope, 'viewer' | 'requestId' | 'origin'> }
  | { readonly job: string };

const current = new AsyncLocalStorage<Acting>();

/**
 * Runs work on somebody's account, which is what the audit log will name. Mutations and jobs do so
 * by themselves; public pages (`SubgraphDefinition.pages`) call it once they know who is asking.
 */
export const actingAs = <Result>(acting: Acting, run: () => Result): Result =>
  current.run(acting, run);

/** On whose account the running work is done; null where nobody has said. */
export const acting = (): Acting | null => current.getStore() ?? null;

const recorded = new WeakMap<object, string[]>();

/** Notes that an action was recorded on the account of the running request. */
export function noteRecorded(action: string): void {
  const running = current.getStore();
  if (!running || !('scope' in running)) return;
  const known = recorded.get(running.scope);
  if (known) known.push(action);
  else recorded.set(running.scope, [action]);
}

/** The actions recorded so far on the account of a request; a test can tell what was forgotten. */
export const recordedBy = (scope: object): readonly string[] => recorded.get(scope) ?? [];

/** A property and no WeakMap, since Apollo Server hands resolvers a copy of the context. */
const SCOPE = Symbol('scope');

/** Remembers on a request's context whose it is. */
export function belongingTo<Context extends object>(
  context: Context,
  scope: RequestScope,
): Context {
  return Object.assign(context, { [SCOPE]: scope });
}

/**
 * Lets every mutation run on the account of its request's viewer, whichever way the operation came:
 * in the gateway's process, over HTTP, or in a test. It stands on the fields, not on the ways in,
 * so none of them can forget it. Changes the schema it is given.
 */
export function actingMutations(schema: GraphQLSchema): GraphQLSchema {
  const mutations = schema.getMutationType();
  if (!isObjectType(mutations)) return schema;
  for (const field of Object.values(mutations.getFields())) {
    const { resolve } = field;
    if (!resolve) continue;
    field.resolve = (parent, args, context, info) => {
      // By `belongingTo` above; a context made by hand in a test of a resolver has none.
      const scope = (context as { [SCOPE]?: RequestScope } | undefined)?.[SCOPE];
      const run = () => resolve(parent, args, context, info);
      return scope ? actingAs({ scope }, run) : run();
    };
  }
  return schema;
}
