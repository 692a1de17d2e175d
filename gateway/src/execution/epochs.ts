import type { RequestScope } from '@vitrine/platform/subgraph';

const epochs = new WeakMap<RequestScope, object>();

/**
 * What may share loaded values within one client operation: everything between two writes of it.
 * The object's identity is the epoch.
 */
export const epochOf = (scope: RequestScope): object => epochs.get(scope) ?? scope;

/** Says that a mutation has been carried out: what was loaded before it must not be served after it. */
export const beginEpoch = (scope: RequestScope): void => {
  epochs.set(scope, {});
};

/** Whether a fetch writes. The planner prints operations with their keyword first. */
export const isMutation = (document: string): boolean => document.startsWith('mutation');
