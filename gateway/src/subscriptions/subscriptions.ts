import type { Logger } from '@vitrine/platform/logger';
import type { RequestScope } from '@vitrine/platform/subgraph';
import type { Viewer } from '@vitrine/platform/viewer';
import { type ExecutionResult, type GraphQLError, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { gatewayError, shownError } from '../errors.ts';
import type { Engine } from '../execution/engine.ts';
import type { PlanRequest } from '../execution/execute-plan.ts';
import { givenFor, type Operation, variableErrors } from '../execution/operations.ts';
import { type EventKinds, eventKindsOf } from './event-kinds.ts';
import { type Group, type Member, openGroup } from './groups/group.ts';
import type { Ending, Sink } from './groups/live-event.ts';
import { type LiveOperation, liveOperation } from './groups/live-operation.ts';
import { openPlaces } from './groups/places.ts';
import { defaultRecollection, type Recollection } from './groups/recent-events.ts';
import { type OpenUpstream, upstreamOpener } from './groups/upstream.ts';
import * as metrics from './metrics.ts';

/** A subscription that may be carried out: read, within limits, and with the viewer's rights checked. */
export interface LiveRequest {
  /** The graph it is for: `public`, or the name of a contract. */
  readonly contract: string;
  readonly engine: Engine;
  /** Where `planned` is given, it says what may be asked; null means that nothing may. */
  readonly request: PlanRequest;
  /** See `authorisationScope`, which it replaces where the graph's access rules are known. */
  readonly scopeKey?: string;
  /** Completes every result, such as by errors for fields without rights. Runs once per event and group. */
  readonly finish?: (result: ExecutionResult) => ExecutionResult;
}

/** A client's running subscription. */
export interface Subscription {
  /** Leaves; its sink hears nothing any more. */
  close(): void;
  /** Its sink takes events again, after `next` had answered false. */
  ready(): void;
  /** Where a client that leaves now goes on. */
  cursor(): string | null;
  /** The same operation by other rights: goes on, with another group where those see something else. */
  renew(live: LiveRequest): void;
}

export interface Subscriptions {
  /** Errors where the subscription is not possible; all that is found out later goes to the sink. */
  subscribe(
    live: LiveRequest,
    sink: Sink,
  ): Subscription | { readonly errors: readonly GraphQLError[] };
  /** Goes on with another engine for all subscriptions of a contract: none loses an event or sees one twice. */
  swap(contract: string, engine: Engine): void;
  readonly groupCount: () => number;
  /** Ends all. */
  close(): void;
}

export interface SubscriptionsOptions {
  readonly logger: Logger;
  /** Equal for two viewers that must see the same of an operation, and for nobody else. */
  readonly authorisationScope?: (operation: Operation, viewer: Viewer | null) => string;
  readonly recollection?: Partial<Recollection>;
  /** Clients that may catch up at once by an upstream of their own; the others wait for their turn. */
  readonly catchUps?: number;
  readonly now?: () => number;
}

/**
 * After a restart every client comes back with a cursor, and most of them find it among the recent
 * events of their group; so many of the rest read a log of their own at the same time.
 */
const CATCH_UPS = 200;

/** The safe choice: guests see the same; whoever is signed in shares with nobody but herself. */
export const aloneUnlessGuest = (_operation: Operation, viewer: Viewer | null): string => {
  if (!viewer) return '';
  const { sessionId, ...rights } = viewer;
  return JSON.stringify(rights);
};

/** What one engine knows of operations and events. */
interface Known {
  readonly kinds: EventKinds;
  readonly operations: LRUCache<string, LiveOperation>;
}

interface Open {
  readonly group: Group;
  /** The request that opened it; any other of the group would do. */
  live: LiveRequest;
}

interface Joined {
  readonly key: string;
  readonly member: Member;
}

export function openSubscriptions({
  logger,
  authorisationScope = aloneUnlessGuest,
  recollection: given,
  catchUps = CATCH_UPS,
  now = Date.now,
}: SubscriptionsOptions): Subscriptions {
  const recollection = { ...defaultRecollection, ...given };
  const places = openPlaces(catchUps);
  const unwatch = metrics.watchCatchUps(places);
  const known = new WeakMap<Engine, Known>();
  /** Groups that may be joined. */
  const joinable = new Map<string, Group>();
  /** Those, and what is left of groups that are over while members of theirs catch up. */
  const groups = new Set<Open>();

  const knownOf = (engine: Engine): Known => {
    let own = known.get(engine);
    if (!own) {
      own = { kinds: eventKindsOf(engine.graph), operations: new LRUCache({ max: 1_000 }) };
      known.set(engine, own);
    }
    return own;
  };

  const liveOf = (engine: Engine, operation: Operation): LiveOperation => {
    const { operations } = knownOf(engine);
    let live = operations.get(operation.key);
    if (!live) {
      live = liveOperation(engine.graph.schema, operation);
      operations.set(operation.key, live);
    }
    return live;
  };

  const askedOf = ({ request: { planned, operation } }: LiveRequest): Operation =>
    planned ?? operation;

  const keyOf = (live: LiveRequest): string => {
    const { contract, engine, request, scopeKey } = live;
    const { operation, variables, scope } = request;
    const shape = liveOf(engine, operation);
    const asked = liveOf(engine, askedOf(live));
    return JSON.stringify([
      contract,
      shape.key,
      asked.key,
      // One that is left out has its default, which null has not.
      shape.variablesInUse.map((name) =>
        [givenFor(variables, name)].filter((value) => value !== undefined),
      ),
      scope.languages,
      scopeKey ?? authorisationScope(operation, scope.viewer),
    ]);
  };

  const shown = (error: unknown, { requestId }: RequestScope): GraphQLError =>
    shownError(error, { logger, requestId });

  const openerOf = (live: LiveRequest): OpenUpstream => {
    const { engine, request, finish = (result) => result } = live;
    return upstreamOpener({
      live: liveOf(engine, askedOf(live)),
      request,
      open: engine.open,
      shown,
      ...knownOf(engine).kinds,
      finish,
      onOpen: () => metrics.upstreams.inc(),
      onClose: () => metrics.upstreams.dec(),
      onEvent: () => metrics.sentEvents.inc(),
    });
  };

  const groupOf = (live: LiveRequest, key: string, resumeAfter: string | null): Group => {
    const present = joinable.get(key);
    if (present) return present;
    const options = {
      open: openerOf(live),
      canResume: liveOf(live.engine, live.request.operation).canResume,
      recollection,
      places,
      now,
      onOver: () => {
        if (joinable.get(key) === opened.group) joinable.delete(key);
      },
      onEmpty: () => {
        if (groups.delete(opened)) metrics.groups.dec();
      },
    };
    const opened: Open = { live, group: openGroup(options, resumeAfter) };
    joinable.set(key, opened.group);
    groups.add(opened);
    metrics.groups.inc();
    return opened.group;
  };

  const join = (live: LiveRequest, sink: Sink, resumeAfter: string | null): Joined => {
    const key = keyOf(live);
    return { key, member: groupOf(live, key, resumeAfter).join(sink, resumeAfter) };
  };

  return {
    subscribe(live, sink) {
      const { engine, request } = live;
      const { operation, variables, scope } = request;
      try {
        const errors = variableErrors(engine.graph.schema, operation, variables);
        if (errors.length > 0) return { errors };
        if (request.planned === null) return { errors: deniedBy(live) };
        const resumeAfter = liveOf(engine, operation).resumeAfter(variables);
        return subscriptionOf(live, sink, resumeAfter);
      } catch (error) {
        return { errors: [shown(error, scope)] };
      }
    },
    swap(contract, engine) {
      for (const opened of [...groups]) {
        if (opened.live.contract !== contract) continue;
        const { document } = opened.live.request.operation;
        const [error] = validate(engine.graph.schema, document);
        opened.live = { ...opened.live, engine };
        if (error) opened.group.end(withdrawn(error.message));
        else opened.group.swap(openerOf(opened.live));
      }
    },
    groupCount: () => groups.size,
    close() {
      unwatch();
      for (const { group } of [...groups]) group.end({ kind: 'completed' });
    },
  };

  function subscriptionOf(
    first: LiveRequest,
    { next, end }: Sink,
    resumeAfter: string | null,
  ): Subscription {
    let isOver = false;
    const sink: Sink = {
      next,
      end(ending) {
        isOver = true;
        end(ending);
      },
    };
    let { key, member } = join(first, sink, resumeAfter);
    return {
      close() {
        isOver = true;
        member.leave();
      },
      ready: () => member.ready(),
      cursor: () => member.cursor(),
      renew(live) {
        if (isOver) return;
        const { request } = live;
        if (request.planned === null) {
          member.leave();
          sink.end({ kind: 'broken', errors: deniedBy(live) });
          return;
        }
        if (keyOf(live) === key) return;
        const left = member;
        ({ key, member } = join(live, sink, left.cursor() ?? resumeOf(live)));
        left.leave();
      },
    };
  }

  function resumeOf({ engine, request }: LiveRequest): string | null {
    return liveOf(engine, request.operation).resumeAfter(request.variables);
  }
}

/** Why a viewer may see nothing of a subscription. */
const deniedBy = ({ finish }: LiveRequest): readonly GraphQLError[] => {
  const errors = finish?.({ data: null }).errors ?? [];
  return errors.length > 0 ? errors : [gatewayError('FORBIDDEN', 'You may not do this.')];
};

const withdrawn = (message: string): Ending => ({
  kind: 'broken',
  errors: [gatewayError('OPERATION_WITHDRAWN', `The graph has changed: ${message}`)],
});
