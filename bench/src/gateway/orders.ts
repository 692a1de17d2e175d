import type { EventSource } from './graph/event-stream.ts';
import type { EventsAnswer, EventsOrder } from './messages.ts';

/** So that every id, and with it every event, has the same length. */
const FIRST_ID = 100_000;

/** In the process that holds the reviews: publishes and counts as the benchmark orders over IPC. */
export function answerOrders(posted: EventSource): void {
  let reviews = 0;
  process.on('message', (order: EventsOrder) => {
    if (order !== 'count') {
      reviews += 1;
      posted.publish({ id: String(FIRST_ID + reviews), body: order.publish });
    }
    const answer: EventsAnswer = { begun: posted.begun, active: posted.active };
    process.send?.(answer);
  });
  process.on('disconnect', () => process.exit());
}
