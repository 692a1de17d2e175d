import { describe, expect, test } from 'vitest';
import { judgeAnswer } from './judge-answer.ts';
import { MOST_ATTEMPTS } from './retry-schedule.ts';

const now = new Date('2026-03-01T12:00:00.000Z');
const answered = (status: number, retryAfterMs: number | null = null) =>
  judgeAnswer({ kind: 'ANSWERED', status, answer: '', retryAfterMs }, { round: 0 }, now, 0.5);

describe('an answer', () => {
  test.for([200, 201, 202, 204, 299])('%i delivers', (status) => {
    expect(answered(status)).toEqual({
      state: 'DELIVERED',
      dueAt: now,
      failure: null,
      detail: null,
      endpoint: 'WELL',
    });
  });

  test.for([
    [301, 'REDIRECT', 'FAILING'],
    [304, 'REDIRECT', 'FAILING'],
    [308, 'REDIRECT', 'FAILING'],
    [100, 'STATUS', 'FAILING'],
    [400, 'STATUS', 'FAILING'],
    [404, 'STATUS', 'FAILING'],
    [410, 'STATUS', 'GONE'],
    [429, 'STATUS', 'FAILING'],
    [500, 'STATUS', 'FAILING'],
    [503, 'STATUS', 'FAILING'],
  ] as const)(
    '%i is a failure of kind %s and leaves the endpoint %s',
    ([status, failure, endpoint]) => {
      expect(answered(status)).toMatchObject({
        state: 'PENDING',
        dueAt: new Date(now.getTime() + 5_000),
        failure,
        endpoint,
      });
    },
  );

  test.for([429, 503])(
    '%i that names a time leaves the whole endpoint alone until then',
    (status) => {
      expect(answered(status, 90_000)).toMatchObject({
        endpoint: 'BUSY',
        dueAt: new Date(now.getTime() + 90_000),
      });
    },
  );

  test('to the last attempt gives up', () => {
    const last = { round: MOST_ATTEMPTS - 1 };
    const answer = { kind: 'ANSWERED', status: 500, answer: '', retryAfterMs: 60_000 } as const;
    expect(judgeAnswer(answer, last, now, 0.5).state).toBe('FAILED');
  });
});

test('no answer is tried again, with its reason', () => {
  const answer = { kind: 'UNANSWERED', failure: 'TIMEOUT', detail: 'late' } as const;
  expect(judgeAnswer(answer, { round: 1 }, now, 0.5)).toEqual({
    state: 'PENDING',
    dueAt: new Date(now.getTime() + 15_000),
    failure: 'TIMEOUT',
    detail: 'late',
    endpoint: 'FAILING',
  });
});
