import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import { withDenials } from '../access/denials.ts';
import type { DocumentStore } from '../documents/document-store.ts';
import { gatewayError } from '../errors.ts';
import type { PlanRequest } from '../execution/execute-plan.ts';
import type { Operation } from '../execution/operations.ts';
import { MAX_COST } from '../limits/cost/maximum-cost.ts';
import {
  admit as admitCost,
  chargeRefusal,
  costExtension,
  exhausted,
  REFUSAL_COST,
  settleAll,
  throttled,
} from '../limits/throttle/admission.ts';
import type { Bucket } from '../limits/throttle/bucket.ts';
import type { Requester } from '../limits/throttle/buckets-of.ts';
import type { Throttle } from '../limits/throttle/throttle.ts';
import { throttleHeaders } from '../limits/throttle/throttle-headers.ts';
import { variableLimits } from '../limits/variable-limits.ts';
import { mapStream } from '../subscriptions/streams.ts';
import type { Audience, AudienceName } from './audience.ts';
import type { AnswerHeaders, ClientRequest, Parts, Refusal } from './request.ts';

export interface AdmissionParts {
  readonly audienceOf: (name: AudienceName) => Audience | null;
  readonly documents: DocumentStore;
  readonly throttle: Throttle;
  readonly bucketsOf: (requester: Requester) => readonly Bucket[];
}

/** An operation that may be carried out, and what is still to be said about its answer. */
export interface Admitted {
  readonly audience: Audience;
  readonly request: PlanRequest;
  /** What the viewer may not see of it; the answer says so. */
  readonly denials: readonly GraphQLError[];
  readonly requestedCost: number;
  readonly headers: AnswerHeaders;
  /** Settles what it cost in truth, and completes the answer by denials and cost. */
  complete(result: ExecutionResult): { readonly result: ExecutionResult; readonly cost: number };
  /** The same for an answer in parts, which costs what was reckoned: nobody waits for its end to tell. */
  completeParts(parts: Parts): Parts;
}

/** Decides on one operation of a client before anything of it runs. */
export type Admit = (request: ClientRequest) => Promise<Admitted | Refusal>;

export const isRefusal = (admission: Admitted | Refusal): admission is Refusal =>
  'errors' in admission;

export function admission({ audienceOf, documents, throttle, bucketsOf }: AdmissionParts): Admit {
  const variableErrors = variableLimits();

  /** The operation that is meant and what it may cost, or all that is wrong with it. */
  const understand = async (
    { parameters, isReadOnly }: ClientRequest,
    { read, cost }: Audience,
  ): Promise<{ operation: Operation; requested: number } | NotUnderstood> => {
    const { variables, operationName } = parameters;
    const found = documents.resolve(parameters);
    const document = found instanceof Promise ? await found : found;
    if (document instanceof GraphQLError) return { errors: [document], isRead: false };
    const operation = read(document.text, operationName, document.hash);
    if (!('document' in operation)) return notUnderstood(operation);
    documents.remember(document);
    if (isReadOnly && operation.node.operation === OperationTypeNode.MUTATION) {
      return notUnderstood([sendByPost()]);
    }
    const tooMuch = variableErrors(operation, variables);
    if (tooMuch.length > 0) return notUnderstood(tooMuch);
    const slicing = cost.slicingErrors(operation, variables);
    if (slicing.length > 0) return notUnderstood(slicing);
    const maximum = document.isTrusted ? MAX_COST.trusted : MAX_COST.any;
    const tooDear = cost.refusal(operation, variables, maximum);
    if (tooDear) return notUnderstood([tooDear]);
    return { operation, requested: cost.requested(operation, variables) };
  };

  return async (request) => {
    const { scope, address } = request;
    const { variables } = request.parameters;
    const audience = audienceOf(request.audience);
    if (!audience) return { errors: [noAudience(request.audience)], headers: {} };

    const buckets = bucketsOf({ viewer: scope.viewer, address });
    const empty = exhausted(throttle, buckets);
    if (empty) return { errors: [throttled(empty, REFUSAL_COST)], headers: throttleHeaders(empty) };
    const understood = await understand(request, audience);
    if (!('operation' in understood)) {
      if (understood.isRead) chargeRefusal(throttle, buckets);
      return { errors: understood.errors, headers: {} };
    }
    const { operation, requested } = understood;
    const asked = admitCost(throttle, buckets, requested);
    const allowed = asked instanceof Promise ? await asked : asked;
    const headers = throttleHeaders(allowed);
    if (!allowed.isAllowed) return { errors: [throttled(allowed, requested)], headers };

    const { tightest: allowance } = allowed;
    const { cost, access } = audience;
    const { planned, errors: denials } = access.authorize(operation, variables, scope.viewer);
    const isSubscription = operation.node.operation === OperationTypeNode.SUBSCRIPTION;
    // Nothing would ever come of it.
    if (isSubscription && planned === null) return { errors: denials, headers };
    return {
      audience,
      request: {
        operation,
        variables,
        scope,
        ...(planned === operation ? {} : { planned }),
      },
      denials,
      requestedCost: requested,
      headers,
      complete(result) {
        const actual = cost.actual(operation, variables, result.data);
        settleAll(throttle, buckets, requested, actual);
        if (result.data === undefined) return { result, cost: 0 };
        return { result: told(result, { requested, actual, allowance }, denials), cost: actual };
      },
      completeParts: (parts) =>
        mapStream(parts, async (part) =>
          'data' in part
            ? { ...part, ...told(part, { requested, actual: requested, allowance }, denials) }
            : part,
        ),
    };
  };
}

/** The answer with what it cost and what was denied. */
const told = (
  result: ExecutionResult,
  cost: Parameters<typeof costExtension>[0],
  denials: readonly GraphQLError[],
): ExecutionResult => ({
  ...withDenials(result, denials),
  extensions: { ...result.extensions, cost: costExtension(cost) },
});

interface NotUnderstood {
  readonly errors: readonly GraphQLError[];
  /** Whether a document had to be read to find out. */
  readonly isRead: boolean;
}

const notUnderstood = (errors: readonly GraphQLError[]): NotUnderstood => ({
  errors,
  isRead: true,
});

const sendByPost = (): GraphQLError =>
  gatewayError('METHOD_NOT_ALLOWED', 'Send mutations by POST.');

const noAudience = (name: AudienceName): GraphQLError =>
  gatewayError('NOT_FOUND', `This gateway serves no contract for "${name}".`);
