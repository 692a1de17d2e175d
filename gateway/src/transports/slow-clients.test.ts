import { expect, test } from 'vitest';
import type { LiveEvent } from '../subscriptions/groups/live-event.ts';
import { orderedEvent, pulseEvent } from '../subscriptions/groups/log.fixture.ts';
import { outbox, slowClientReason } from './slow-clients.ts';

function aSlowClient() {
  const state = { waiting: 0 };
  const written: LiveEvent[] = [];
  const closed: (string | null)[] = [];
  const box = outbox({
    policy: { mergeAbove: 100, dropAbove: 200, closeAbove: 300 },
    transport: 'ws',
    waiting: () => state.waiting,
    write: (event) => void written.push(event),
    overflow: (cursor) => void closed.push(cursor),
  });
  const values = () => written.map(({ result: { data } }) => data?.['sequence'] ?? data?.['value']);
  return { state, box, values, closed };
}

test('a client that reads gets everything', () => {
  const { box, values } = aSlowClient();
  expect([box.next(orderedEvent(1)), box.next(pulseEvent('Likes', 7))]).toEqual([true, true]);
  expect(values()).toEqual([1, 7]);
});

test('a slow client gets every ordered event, and of totals the newest of each kind when it has read', () => {
  const { box, values, state } = aSlowClient();
  state.waiting = 150;
  const events = [
    pulseEvent('Likes', 10),
    orderedEvent(1),
    pulseEvent('Likes', 11),
    pulseEvent('Viewers', 20),
    orderedEvent(2),
  ];
  expect(events.map(box.next)).toEqual(events.map(() => false));
  expect(values()).toEqual([1, 2]);
  state.waiting = 0;
  box.drained();
  expect(values()).toEqual([1, 2, 11, 20]);
  box.drained();
  expect(values()).toHaveLength(4);
});

test('a total that is told directly replaces what was kept of its kind', () => {
  const { box, values, state } = aSlowClient();
  state.waiting = 150;
  box.next(pulseEvent('Likes', 10));
  state.waiting = 50;
  box.next(pulseEvent('Likes', 11));
  box.drained();
  expect(values()).toEqual([11]);
});

test('a very slow client gets no totals at all, and still every ordered event', () => {
  const { box, values, state } = aSlowClient();
  state.waiting = 150;
  box.next(pulseEvent('Likes', 10));
  state.waiting = 250;
  box.next(pulseEvent('Viewers', 20));
  box.next(orderedEvent(1));
  state.waiting = 0;
  box.drained();
  expect(values()).toEqual([1]);
});

test('a client beyond the bound is closed with the cursor of what it was sent last', () => {
  const { box, values, state, closed } = aSlowClient();
  box.next(orderedEvent(1));
  state.waiting = 250;
  box.next(orderedEvent(2));
  state.waiting = 300;
  box.next(pulseEvent('Likes', 1));
  expect(closed).toEqual([]);
  box.next(orderedEvent(3));
  box.next(orderedEvent(4));
  box.drained();
  expect(closed).toEqual(['2-0']);
  expect(values()).toEqual([1, 2]);
});

test('a reason fits a close frame, however long a cursor is', () => {
  expect(slowClientReason('2-0')).toBe('{"code":"SLOW_CONSUMER","resumeAfter":"2-0"}');
  expect(Buffer.byteLength(slowClientReason('x'.repeat(500)))).toBeLessThanOrEqual(123);
});
