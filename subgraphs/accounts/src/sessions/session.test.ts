import { DAY, plus, SECOND } from '@vitrine/kernel/clock';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newSession, rotated, type Session } from './session.ts';

const start = new Date('2026-03-01T12:00:00Z');
const session = newSession(
  {
    id: 'ses_1',
    userId: 'usr_1',
    client: { address: null, userAgent: null },
    hasSecondFactor: false,
  },
  { familyHash: 'family', tokenHash: 'first' },
  start,
);

const refreshed = (from: Session, presented: string, next: string, at: Date): Session => {
  const decision = rotated(from, presented, next, at);
  if (!decision.ok) throw new Error(decision.refusal);
  return decision.value;
};

describe('refreshing', () => {
  test('replaces the token and puts the end of the session off', () => {
    const at = plus(start, DAY);

    expect(refreshed(session, 'first', 'second', at)).toEqual({
      ...session,
      tokenHash: 'second',
      previousHash: 'first',
      rotatedAt: at,
      lastSeenAt: at,
      expiresAt: plus(at, 30 * DAY),
    });
  });

  test('is over when nobody refreshed for thirty days', () => {
    const end = plus(start, 30 * DAY);
    expect(rotated(session, 'first', 'second', plus(end, -1))).toMatchObject({ ok: true });
    expect(rotated(session, 'first', 'second', end)).toEqual({
      ok: false,
      refusal: 'SESSION_ENDED',
    });
  });

  test('with the token before is mild for ten seconds and a reuse afterwards', () => {
    const second = refreshed(session, 'first', 'second', start);

    expect(rotated(second, 'first', 'third', plus(start, 10 * SECOND))).toEqual({
      ok: false,
      refusal: 'ALREADY_REFRESHED',
    });
    expect(rotated(second, 'first', 'third', plus(start, 10 * SECOND + 1))).toEqual({
      ok: false,
      refusal: 'REFRESH_TOKEN_REUSED',
    });
  });

  test('with a token older than the one before is a reuse at once', () => {
    const third = refreshed(refreshed(session, 'first', 'second', start), 'second', 'third', start);

    expect(rotated(third, 'first', 'fourth', start)).toEqual({
      ok: false,
      refusal: 'REFRESH_TOKEN_REUSED',
    });
  });
});

test('whatever was rotated before, exactly the newest token is good', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 11, max: 86_400 }), { minLength: 1, maxLength: 20 }),
      fc.nat(),
      (pauses, pick) => {
        let current = { ...session, tokenHash: 'token 0' };
        let now = start;
        pauses.forEach((seconds, index) => {
          now = plus(now, seconds * SECOND);
          current = { ...refreshed(current, `token ${index}`, `token ${index + 1}`, now) };
        });
        const presented = pick % (pauses.length + 1);
        const decision = rotated(current, `token ${presented}`, 'next', plus(now, 11 * SECOND));

        if (presented === pauses.length) expect(decision.ok).toBe(true);
        else expect(decision).toEqual({ ok: false, refusal: 'REFRESH_TOKEN_REUSED' });
      },
    ),
  );
});

test('whoever comes with whatever token when, at most one token is good and a theft ends it all', () => {
  const step = fc.record({
    /** 0 is the newest token, 1 the one before, and so on. */
    age: fc.nat({ max: 3 }),
    pause: fc.constantFrom(0, SECOND, 10 * SECOND, 11 * SECOND, DAY),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const given = ['first'];
      let current = session;
      let now = start;
      for (const { age, pause } of steps) {
        now = plus(now, pause);
        const presented = given.at(-1 - age);
        if (presented === undefined) continue;
        const since = now.getTime() - (current.rotatedAt ?? start).getTime();
        const next = `token ${given.length}`;
        const decision = rotated(current, presented, next, now);
        if (age === 0) {
          // Nobody refreshed for a month between any two steps.
          if (!decision.ok) throw new Error(decision.refusal);
          current = decision.value;
          given.push(next);
        } else if (age === 1 && since <= 10 * SECOND) {
          expect(decision).toEqual({ ok: false, refusal: 'ALREADY_REFRESHED' });
        } else {
          expect(decision).toEqual({ ok: false, refusal: 'REFRESH_TOKEN_REUSED' });
          return;
        }
      }
    }),
  );
});
