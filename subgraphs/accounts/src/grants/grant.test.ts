import { plus } from '@vitrine/kernel/clock';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appViewer } from './app-viewer.ts';
import { agreed, type Grant, IDLE_MS } from './grant.ts';

const now = new Date('2026-03-01T12:00:00.000Z');
const consent = { userId: 'usr_1', appId: 'tpa_1', scopes: ['stock:read'], shopIds: ['shp_1'] };
const fresh = { id: 'grt_1', sessionId: 'ses_1', now };

test('the first consent makes a grant that lasts while it is used', () => {
  expect(agreed(null, consent, fresh)).toEqual({
    ...consent,
    id: 'grt_1',
    sessionId: 'ses_1',
    grantedAt: now,
    lastUsedAt: null,
    expiresAt: plus(now, IDLE_MS),
  });
});

test('whoever agrees again keeps the grant and its scopes, and has chosen shops anew', () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
  fc.assert(
    fc.property(fc.array(fc.tuple(names, names), { minLength: 1 }), (consents) => {
      let grant: Grant | null = null;
      for (const [n, [scopes, shopIds]] of consents.entries()) {
        const next = { id: `grt_${n}`, sessionId: `ses_${n}`, now: plus(now, n) };
        grant = agreed(grant, { ...consent, scopes, shopIds }, next);
        // The older tokens may carry more than is granted now.
        expect(grant.sessionId).toBe(`ses_${n}`);
      }
      expect(grant?.id).toBe('grt_0');
      expect(grant?.scopes.toSorted()).toEqual(
        [...new Set(consents.flatMap(([scopes]) => scopes))].toSorted(),
      );
      expect(grant?.shopIds).toEqual(consents.at(-1)?.[1]);
    }),
  );
});

test('an app has no more of a person than they have and chose', () => {
  const shops = fc.uniqueArray(fc.constantFrom('shp_1', 'shp_2', 'shp_3', 'shp_4'));
  const roles = fc.uniqueArray(fc.constantFrom('BUYER', 'CREATOR', 'OPERATOR'));
  fc.assert(
    fc.property(shops, shops, roles, (chosen, own, held) => {
      const grant = agreed(null, { ...consent, shopIds: chosen }, fresh);
      const memberships = own.map((shopId) => ({
        shopId,
        userId: 'usr_1',
        role: 'MANAGER' as const,
        joinedAt: now,
      }));
      const viewer = appViewer(grant, ['stock:read'], { roles: held }, memberships);

      for (const { shopId } of viewer.memberships) {
        expect(chosen).toContain(shopId);
        expect(own).toContain(shopId);
      }
      expect(viewer.roles).toEqual(held.filter((role) => role !== 'OPERATOR'));
      expect([viewer.hasSecondFactor, viewer.duties]).toEqual([false, []]);
    }),
  );
});
