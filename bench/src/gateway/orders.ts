import type { EventSource } from './graph/event-stream.ts';
import type { EventsAnswer, EventsOrder } from './messages.ts';

/** In the process that holds the reviews: publishes and counts as the benchmark orders over IPC. */
export function answerOrders(posted: EventSource): void {
  let reviews = 0;
  process.on('message', (order: EventsOrder) => {
    if (order === 'publish') {
      reviews += 1;
      posted.publish({ id: String(reviews), body: `Review ${reviews}` });
    }
    const answer: EventsAnswer = { begun: posted.begun, active: posted.active };
    process.send?.(answer);
  });
  process.on('disconnect', () => process.exit());
}
