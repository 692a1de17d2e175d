import type { Delivery, DeliveryFailure, DeliveryState } from './delivery.ts';
import { pauseAfter } from './retry-schedule.ts';

/** What an endpoint made of a request. */
export type Answer =
  | {
      readonly kind: 'ANSWERED';
      readonly status: number;
      readonly answer: string;
      readonly retryAfterMs: number | null;
    }
  | {
      readonly kind: 'UNANSWERED';
      readonly failure: Exclude<DeliveryFailure, 'STATUS' | 'REDIRECT'>;
      readonly detail: string;
    };

export interface Verdict {
  readonly state: DeliveryState;
  /** When it is tried next; the moment itself where it is not. */
  readonly dueAt: Date;
  readonly failure: DeliveryFailure | null;
  readonly detail: string | null;
  /** What it says of the endpoint: `GONE` wants nothing any more, `BUSY` nothing for a while. */
  readonly endpoint: 'WELL' | 'FAILING' | 'BUSY' | 'GONE';
}

const GONE = 410;
const BUSY: readonly number[] = [429, 503];

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Only 2xx is a success. A redirect is not: it would lead where nobody has checked the address. */
export function judgeAnswer(
  answer: Answer,
  { round }: Pick<Delivery, 'round'>,
  now: Date,
  random: number,
): Verdict {
  if (answer.kind === 'ANSWERED' && isSuccess(answer.status)) {
    return { state: 'DELIVERED', dueAt: now, failure: null, detail: null, endpoint: 'WELL' };
  }
  const pause = pauseAfter(
    round + 1,
    random,
    answer.kind === 'ANSWERED' ? answer.retryAfterMs : null,
  );
  return {
    state: pause === null ? 'FAILED' : 'PENDING',
    dueAt: new Date(now.getTime() + (pause ?? 0)),
    ...reasonOf(answer),
  };
}

function reasonOf(answer: Answer): Pick<Verdict, 'failure' | 'detail' | 'endpoint'> {
  if (answer.kind === 'UNANSWERED') {
    return { failure: answer.failure, detail: answer.detail, endpoint: 'FAILING' };
  }
  const { status, retryAfterMs } = answer;
  const isRedirect = status >= 300 && status < 400;
  return {
    failure: isRedirect ? 'REDIRECT' : 'STATUS',
    detail: isRedirect
      ? `The endpoint answered ${status}; redirects are not followed.`
      : `The endpoint answered ${status}; only 2xx is a success.`,
    endpoint:
      status === GONE
        ? 'GONE'
        : BUSY.includes(status) && retryAfterMs !== null
          ? 'BUSY'
          : 'FAILING',
  };
}
