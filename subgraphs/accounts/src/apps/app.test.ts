import { DAY, plus } from '@vitrine/kernel/clock';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type App, edited, rotated, validHashes } from './app.ts';

const now = new Date('2026-03-01T12:00:00.000Z');
const app: App = {
  id: 'tpa_1',
  developerUserId: 'usr_1',
  kind: 'CONFIDENTIAL',
  name: 'Stock Sync',
  description: 'Keeps stock equal.',
  homepageUrl: 'https://app.example',
  iconUrl: null,
  redirectUris: ['https://app.example/callback'],
  scopes: ['stock:read'],
  secrets: [{ hash: 'first', until: null }],
  version: 1,
  createdAt: now,
};

test('a change raises the version, and one for another version is refused', () => {
  expect(edited(app, { name: 'Sync' }, 1)).toEqual({
    ok: true,
    value: { ...app, name: 'Sync', version: 2 },
  });
  expect(edited(app, { name: 'Sync' }, 2)).toEqual({ ok: false, refusal: app });
});

test('a public app has no secret to replace', () => {
  expect(rotated({ ...app, kind: 'PUBLIC', secrets: [] }, 'x', now)).toEqual({
    ok: false,
    refusal: 'PUBLIC_APP_HAS_NO_SECRET',
  });
});

test('however often a secret is replaced, two at most are good: the newest, and for a day the one before', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 * DAY }), { maxLength: 8 }), (pauses) => {
      let [at, current, previous, last] = [now, 'first', null as string | null, now];
      let present = app;
      for (const [n, pause] of pauses.entries()) {
        at = plus(at, pause);
        const next = rotated(present, `secret ${n}`, at);
        if (!next.ok) throw new Error(next.refusal);
        present = next.value;
        [previous, current, last] = [current, `secret ${n}`, at];
      }
      const good = (when: Date) => validHashes(present, when).toSorted();
      const both = previous === null ? [current] : [current, previous];
      expect(good(at)).toEqual(both.toSorted());
      expect(good(plus(last, DAY - 1))).toEqual(both.toSorted());
      expect(good(plus(last, DAY))).toEqual([current]);
      expect(present.secrets.length).toBeLessThanOrEqual(2);
    }),
  );
});
