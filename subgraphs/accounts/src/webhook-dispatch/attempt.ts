import type { Clock } from '@vitrine/kernel/clock';
import type { Delivery, DeliveryAttempt } from '../webhook-deliveries/delivery.ts';
import { type Answer, judgeAnswer, type Verdict } from '../webhook-deliveries/judge-answer.ts';
import type { Webhook } from '../webhooks/webhook.ts';

export interface AttemptPorts {
  readonly post: (request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }) => Promise<Answer>;
  readonly headersOf: (webhook: Webhook, delivery: Delivery, now: Date) => Record<string, string>;
  readonly clock: Clock;
  readonly random: () => number;
  /** Milliseconds of a clock that only ever goes forward. */
  readonly elapsed: () => number;
}

export interface Attempted {
  readonly attempt: DeliveryAttempt;
  readonly verdict: Verdict;
}

/** Sends a message once and says what came of it. */
export const attemptDelivery =
  ({ post, headersOf, clock, random, elapsed }: AttemptPorts) =>
  async (webhook: Webhook, delivery: Delivery): Promise<Attempted> => {
    const at = clock();
    const requestHeaders = headersOf(webhook, delivery, at);
    const start = elapsed();
    const answer = await post({ url: webhook.url, headers: requestHeaders, body: delivery.body });
    const durationMs = Math.round(elapsed() - start);
    const verdict = judgeAnswer(answer, delivery, clock(), random());
    const isAnswered = answer.kind === 'ANSWERED';
    return {
      verdict,
      attempt: {
        at,
        durationMs,
        requestHeaders,
        status: isAnswered ? answer.status : null,
        answer: isAnswered ? answer.answer : null,
        failure: verdict.failure,
        detail: verdict.detail,
      },
    };
  };
