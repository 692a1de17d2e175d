import { describe, expect, test } from 'vitest';
import type { LiveEvent } from './live-event.ts';
import { cursorAt, orderedEvent, pulseEvent } from './log.fixture.ts';
import { recentEvents } from './recent-events.ts';

const limits = { events: 4, history: 3, historyMs: 100 };
const places = (events: readonly LiveEvent[] | null) =>
  events?.map(({ cursor }) => Number(cursor?.split('-')[0]));

function filled(count: number, begin: string | null = null) {
  const time = { now: 0 };
  const recent = recentEvents(begin, limits, () => time.now);
  for (let at = 1; at <= count; at += 1) recent.add(orderedEvent(at));
  return { recent, time };
}

describe('recent events', () => {
  test('are told after any cursor among them', () => {
    const { recent } = filled(3);
    expect(places(recent.after(cursorAt(1)))).toEqual([2, 3]);
    expect(places(recent.after(cursorAt(3)))).toEqual([]);
    expect(recent.after('9-0')).toBeNull();
    expect(recent.after(null)).toBeNull();
    expect(recent.position()).toBe(cursorAt(3));
  });

  test('are bounded, and what is forgotten is known to be', () => {
    const { recent } = filled(40);
    const kept = Array.from({ length: 40 }, (_, at) => at + 1).filter((at) =>
      recent.after(cursorAt(at)),
    );
    expect(kept.length).toBeGreaterThanOrEqual(limits.events);
    expect(kept.length).toBeLessThanOrEqual(2 * limits.events + 1);
    expect(kept.at(-1)).toBe(40);
    for (const at of kept) {
      expect(places(recent.after(cursorAt(at)))).toEqual(
        Array.from({ length: 40 - at }, (_, index) => at + 1 + index),
      );
    }
  });

  test('that began after a cursor know what comes after it, and no history', () => {
    const { recent } = filled(0, cursorAt(7));
    recent.add(orderedEvent(8));
    expect(places(recent.after(cursorAt(7)))).toEqual([8]);
    expect(recent.history()).toBeNull();
    recent.recall([orderedEvent(6), orderedEvent(7), orderedEvent(8)]);
    expect(places(recent.history())).toEqual([6, 7, 8]);
    expect(places(recent.after(cursorAt(6)))).toEqual([7, 8]);
    expect(recent.after(cursorAt(5))).toBeNull();
  });

  test('are history while they are few and young', () => {
    const { recent, time } = filled(4);
    expect(places(recent.history())).toEqual([2, 3, 4]);
    time.now = 60;
    recent.add(orderedEvent(5));
    time.now = 101;
    expect(places(recent.history())).toEqual([5]);
  });

  test('keep the newest of each coalescible kind, out of order', () => {
    const { recent } = filled(1);
    for (const [kind, value] of [
      ['Likes', 1],
      ['Viewers', 2],
      ['Likes', 3],
    ] as const) {
      recent.add(pulseEvent(kind, value));
    }
    expect([...recent.newest()].map(({ result }) => result.data?.['value'])).toEqual([3, 2]);
    expect(places(recent.history())).toEqual([1]);
  });

  test('forget what was taken back, and go on from there', () => {
    const { recent } = filled(3);
    recent.add(orderedEvent(4, true));
    expect(recent.history()).toBeNull();
    expect(recent.after(cursorAt(2))).toBeNull();
    expect(places(recent.after(cursorAt(3)))).toEqual([4]);
  });
});
