import { DEADLINE_EXCEEDED } from '@vitrine/platform/deadline';
import type { Logger } from '@vitrine/platform/logger';
import type { RequestScope } from '@vitrine/platform/subgraph';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { Pool } from 'undici';
import { hide, isIntended } from '../errors.ts';
import { isMutation } from '../execution/epochs.ts';
import { type SubgraphAnswer, type SubgraphSource, sourceOf } from '../execution/source.ts';
import { subscribeRemotely } from '../subscriptions/remote-subscription.ts';
import { overloadedError, patienceOf, timeoutError, unavailableError } from './away.ts';
import {
  type AdmissionOptions,
  defaultAdmission,
  openAdmission,
  placeIn,
} from './remote/admission.ts';
import { type CircuitOptions, defaultCircuit, openCircuit } from './remote/circuit.ts';
import { type EntityList, entityListsOf, fitsRepresentations } from './remote/entity-lists.ts';
import { ExchangeTimeout, exchange } from './remote/exchange.ts';
import { awayError, isPassing, isUnwell, UnusableReply } from './remote/failures.ts';
import { readAnswer } from './remote/read-answer.ts';
import { CIRCUIT_VALUES, circuits, retries, watchAdmission } from './remote/remote-metrics.ts';
import { bodyOf, connectionParams, headersOf, type RequestBody } from './remote/request-parts.ts';
import { openRetryBudget } from './remote/retry-budget.ts';
import type { ViewerHeaders } from './viewer-headers.ts';

/** How long a subgraph may take, in milliseconds. */
export interface Timeouts {
  readonly connect: number;
  /** From the request to the first byte of the answer. */
  readonly headers: number;
  /** Between two parts of the answer. */
  readonly body: number;
  /** From the request to the last byte of the answer; `headers` and `body` together where not given. */
  readonly total?: number;
}

export const defaultTimeouts: Timeouts = {
  connect: 2_000,
  headers: 10_000,
  body: 10_000,
  total: 15_000,
};

/** From a request to the last byte of its answer. */
export const totalOf = ({ headers, body, total = headers + body }: Timeouts): number => total;

export interface RemoteSubgraph {
  readonly name: string;
  /** Of its `/graphql`; the same address speaks WebSocket. */
  readonly url: string;
  readonly viewerHeaders: ViewerHeaders;
  readonly logger: Logger;
  readonly timeouts?: Timeouts;
  readonly circuit?: CircuitOptions;
  readonly admission?: AdmissionOptions;
}

/** A document, as far as it is the same for every fetch. */
interface Question {
  readonly bodyWith: RequestBody;
  readonly lists: readonly EntityList[];
}

const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * A subgraph behind HTTP, over connections that stay open. Each is asked so much at once and no
 * more, and left alone for a while once it fails everything.
 */
export function remoteSource(subgraph: RemoteSubgraph): SubgraphSource {
  const { name, url, viewerHeaders, logger, timeouts = defaultTimeouts } = subgraph;
  const { headers: headersTimeout, body: bodyTimeout } = timeouts;
  const total = totalOf(timeouts);
  const admitted = subgraph.admission ?? defaultAdmission;
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, {
    connections: admitted.running,
    connectTimeout: timeouts.connect,
    headersTimeout,
    bodyTimeout,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
  const circuit = openCircuit(subgraph.circuit ?? defaultCircuit, (state) => {
    circuits.set({ subgraph: name }, CIRCUIT_VALUES[state]);
    logger.warn({ subgraph: name, circuit: state }, 'circuit of a subgraph changed');
  });
  circuits.set({ subgraph: name }, CIRCUIT_VALUES.closed);
  const admission = openAdmission(admitted);
  const unwatch = watchAdmission(name, admission);
  const budget = openRetryBudget();

  const away = (error: GraphQLError): SubgraphAnswer => ({ errors: [error.toJSON()] });

  const send = async (
    question: Question,
    variables: Readonly<Record<string, unknown>>,
    scope: RequestScope,
  ): Promise<SubgraphAnswer> => {
    const ms = patienceOf(scope, total);
    const headers = headersOf(scope, viewerHeaders, ms);
    const ready = Array.isArray(headers) ? headers : await headers;
    const reply = await exchange(
      pool,
      { path, headers: ready, body: question.bodyWith(variables) },
      ms,
    );
    // Not the client's fault: this gateway and that subgraph have no secret in common.
    if (reply.status === 401)
      throw new UnusableReply(401, 'to a viewer header it does not believe');
    const answer = readAnswer(reply.body);
    if (!answer) throw new UnusableReply(reply.status, 'without a GraphQL result');
    if (answer.errors?.[0]?.extensions?.['code'] === DEADLINE_EXCEEDED) {
      throw new ExchangeTimeout(ms);
    }
    if (!fitsRepresentations(answer, variables, question.lists)) {
      throw new UnusableReply(reply.status, 'with more or fewer entities than representations');
    }
    return answer;
  };

  const attempts = async (
    question: Question,
    variables: Readonly<Record<string, unknown>>,
    scope: RequestScope,
    tries: number,
  ): Promise<SubgraphAnswer> => {
    const patience = patienceOf(scope, total);
    if (patience <= 0) return away(timeoutError(name));
    if (!circuit.admits()) return away(unavailableError(name));
    try {
      const answer = await send(question, variables, scope);
      circuit.succeeded();
      budget.earn();
      return answer.errors ? withShownErrors(answer, answer.errors, scope) : answer;
    } catch (error) {
      if (isUnwell(error, patience >= total)) circuit.failed();
      else circuit.gaveUp();
      if (tries > 1 && isPassing(error) && budget.spend()) {
        retries.inc({ subgraph: name });
        return attempts(question, variables, scope, tries - 1);
      }
      logger.warn({ err: error, subgraph: name, requestId: scope.requestId }, 'subgraph is away');
      return away(awayError(name, error));
    }
  };

  const withShownErrors = (
    answer: SubgraphAnswer,
    errors: readonly GraphQLFormattedError[],
    scope: RequestScope,
  ): SubgraphAnswer => ({ ...answer, errors: errors.map((error) => shown(error, scope)) });

  const shown = (
    error: GraphQLFormattedError,
    { requestId }: RequestScope,
  ): GraphQLFormattedError => {
    const code = error.extensions?.['code'];
    const place = error.path ? { path: error.path } : {};
    if (isIntended(error) && !OUR_FAULT.has(String(code))) return error;
    return { ...hide(error, { logger, requestId, serviceName: name }), ...place };
  };

  return sourceOf({
    name,
    prepare(document) {
      let question: Question | undefined;
      // A mutation could have been carried out before the connection broke.
      const tries = isMutation(document.document) ? 1 : 2;
      return async (variables, scope) => {
        const place = placeIn(admission, patienceOf(scope, total));
        const taken = typeof place === 'string' ? place : await place;
        if (taken === 'full') return away(overloadedError(name));
        if (taken === 'late') return away(timeoutError(name));
        try {
          question ??= { bodyWith: bodyOf(document), lists: entityListsOf(document.document) };
          return await attempts(question, variables, scope, tries);
        } finally {
          admission.leave();
        }
      };
    },
    async subscribe(request, scope) {
      return subscribeRemotely({
        url: url.replace(/^http/, 'ws'),
        request,
        connectionParams: await connectionParams(scope, viewerHeaders),
        answerMs: headersTimeout,
        ...(scope.audience ? { audience: scope.audience } : {}),
        awayError: (error) => {
          logger.warn({ err: error, subgraph: name, requestId: scope.requestId }, 'stream broke');
          return awayError(name, error);
        },
        shown: (error) => shown(error, scope),
      });
    },
    async close() {
      unwatch();
      await pool.destroy();
    },
  });
}

/** Codes that blame the caller's document; the caller is the planner, so the client is innocent. */
const OUR_FAULT = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_REQUEST']);
