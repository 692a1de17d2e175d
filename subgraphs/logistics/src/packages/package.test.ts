import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cancel,
  hasLeft,
  type Package,
  ship,
  type TrackingEvent,
  type TrackingStatus,
  track,
} from './package.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 1, hour));

const parcel: Package = {
  id: 'pkg_1',
  orderId: 'ord_1',
  shopId: 'shp_1',
  buyerId: 'usr_1',
  market: 'ID',
  state: 'PROCESSING',
  lines: [{ orderLineId: 'oln_1', variantId: 'var_1', warehouseId: 'whs_1' }],
  shipment: null,
  deliveredAt: null,
  trackingEvents: [],
  version: 1,
  createdAt: at(0),
};

const shipment = (key = 'usr_2/k') => ({
  carrier: 'JNE',
  trackingNumber: 'JNE-12345',
  shippedAt: at(1),
  key,
});

const event = (status: TrackingStatus, hour: number, key = `${status}-${hour}`): TrackingEvent => ({
  status,
  occurredAt: at(hour),
  location: null,
  description: null,
  raw: null,
  key,
});

/** The parcel after a step that must be accepted and change something. */
function after(outcome: ReturnType<typeof ship>): Package {
  if (!outcome.ok || !outcome.value) throw new Error(JSON.stringify(outcome));
  return outcome.value.package;
}

const shipped = after(ship(parcel, shipment()));
const delivered = after(track(shipped, event('DELIVERED', 9)));
const cancelled: Package = { ...parcel, state: 'CANCELLED', version: 2 };

describe('shipping', () => {
  test('hands the parcel to the carrier and says so', () => {
    expect(ship(parcel, shipment())).toMatchObject({
      value: { package: { state: 'FULFILLING', version: 2 }, news: 'SHIPPED' },
    });
    expect(shipped.trackingEvents).toMatchObject([{ status: 'PICKED_UP', occurredAt: at(1) }]);
    expect(hasLeft(parcel)).toBe(false);
    expect(hasLeft(shipped)).toBe(true);
  });

  test('again under the same key changes nothing', () => {
    expect(ship(shipped, shipment())).toEqual({ ok: true, value: null });
    expect(ship(delivered, shipment())).toEqual({ ok: true, value: null });
  });

  test.for([
    ['ALREADY_SHIPPED', shipped],
    ['ALREADY_SHIPPED', delivered],
    ['PACKAGE_CANCELLED', cancelled],
  ] as const)('is refused with %s', ([refusal, one]) => {
    expect(ship(one, shipment('usr_2/another'))).toEqual({ ok: false, refusal });
  });
});

describe('a report', () => {
  test('of delivery completes the parcel and says so, once', () => {
    expect(track(shipped, event('DELIVERED', 9))).toMatchObject({ value: { news: 'DELIVERED' } });
    expect(delivered).toMatchObject({ state: 'COMPLETED', deliveredAt: at(9) });
    expect(track(delivered, event('DELIVERED', 10))).toMatchObject({
      value: { news: null, package: { deliveredAt: at(9) } },
    });
  });

  test('that comes late takes its place and turns nothing back', () => {
    const late = after(track(delivered, event('IN_TRANSIT', 5)));

    expect(late.state).toBe('COMPLETED');
    expect(late.trackingEvents.map(({ status }) => status)).toEqual([
      'PICKED_UP',
      'IN_TRANSIT',
      'DELIVERED',
    ]);
  });

  test('that comes twice is kept once', () => {
    expect(track(delivered, event('DELIVERED', 9))).toEqual({ ok: true, value: null });
  });

  test.for([
    ['NOT_SHIPPED', parcel],
    ['PACKAGE_CANCELLED', cancelled],
  ] as const)('is refused with %s', ([refusal, one]) => {
    expect(track(one, event('IN_TRANSIT', 2))).toEqual({ ok: false, refusal });
  });

  test('beyond a hundred is refused, but for the one that says it has arrived', () => {
    const trackingEvents = Array.from({ length: 100 }, (_, i) => event('IN_TRANSIT', 2, `k${i}`));
    const noisy = { ...shipped, trackingEvents };
    const tooMany = { ok: false, refusal: 'TOO_MANY_EVENTS' };

    const arrived = track(noisy, event('DELIVERED', 9));

    expect(track(noisy, event('DELAYED', 9))).toEqual(tooMany);
    expect(arrived).toMatchObject({
      ok: true,
      value: { news: 'DELIVERED', package: { state: 'COMPLETED' } },
    });
    const completed = arrived.ok ? arrived.value?.package : null;
    expect(completed && track(completed, event('DELIVERED', 9, 'again'))).toEqual(tooMany);
  });
});

describe('a parcel', () => {
  test('is cancelled once', () => {
    expect(cancel(parcel)).toMatchObject({ state: 'CANCELLED', version: 2 });
    expect(cancel(cancelled)).toBeNull();
  });

  test('tells each piece of news at most once, and counts every change', () => {
    const status = fc.constantFrom<TrackingStatus>('IN_TRANSIT', 'DELIVERED', 'DELAYED');
    const step = fc.oneof(
      fc.record({ kind: fc.constant('ship' as const), key: fc.nat(2) }),
      fc.record({ kind: fc.constant('track' as const), key: fc.nat(4), status, hour: fc.nat(20) }),
      fc.record({ kind: fc.constant('cancel' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let now = parcel;
        const news: string[] = [];
        for (const one of steps) {
          const before = now;
          if (one.kind === 'cancel') now = cancel(now) ?? now;
          else {
            const outcome =
              one.kind === 'ship'
                ? ship(now, shipment(`${one.key}`))
                : track(now, event(one.status, one.hour, `e${one.key}`));
            if (outcome.ok && outcome.value) {
              now = outcome.value.package;
              if (outcome.value.news) news.push(outcome.value.news);
            }
          }
          expect(now.version - before.version).toBe(now === before ? 0 : 1);
        }
        expect(['', 'SHIPPED', 'SHIPPED,DELIVERED']).toContain(news.join(','));
      }),
    );
  });
});
