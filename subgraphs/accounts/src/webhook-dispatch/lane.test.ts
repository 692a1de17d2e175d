import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../webhook-deliveries/delivery.ts';
import { type Answer, judgeAnswer } from '../webhook-deliveries/judge-answer.ts';
import type { Webhook } from '../webhooks/webhook.ts';
import { capacity } from './capacity.ts';
import { type LanePorts, runLane, SLOTS } from './lane.ts';

const T0 = Date.parse('2026-03-01T12:00:00.000Z');
const webhook: Webhook = {
  id: 'whk_1',
  appId: 'app_1',
  url: 'https://hooks.example',
  topics: [],
  shopIds: null,
  conditions: [],
  includeFields: null,
  secrets: [],
  paused: null,
  failing: null,
  version: 1,
  createdAt: new Date(T0),
};

const aDelivery = (entityId: string, entityVersion: number): Delivery => ({
  id: `${entityId}/${entityVersion}`,
  webhookId: webhook.id,
  appId: webhook.appId,
  eventId: `${entityId}/${entityVersion}`,
  topic: 'order.placed',
  entityId,
  entityVersion,
  subject: { shopIds: [], userIds: [] },
  body: '',
  occurredAt: new Date(T0),
  createdAt: new Date(T0),
  state: 'PENDING',
  dueAt: new Date(T0),
  round: 0,
  attemptCount: 0,
  attempts: [],
});

/** A turn of the event loop, as if something had been waited for. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const ok: Answer = { kind: 'ANSWERED', status: 200, answer: '', retryAfterMs: null };
const bad: Answer = { ...ok, status: 500 };

/** A lane over messages in memory, with the very rules of the store; answers come when they may. */
function aWorld(deliveries: readonly Delivery[], batch = 5) {
  const rows = new Map(deliveries.map((delivery) => [delivery.id, delivery]));
  let now = T0;
  const sent: Delivery[] = [];
  const onTheirWay = new Set<string>();
  const seen = { most: 0, twoOfOne: false };
  const world = {
    answer: (_delivery: Delivery): Answer => ok,
    turns: (_delivery: Delivery): number => 1,
  };
  const pending = () =>
    [...rows.values()]
      .filter(({ state }) => state === 'PENDING')
      .toSorted((a, b) => a.entityVersion - b.entityVersion);
  const isDue = ({ dueAt }: Delivery) => dueAt.getTime() <= now;
  const firstOf = (entityId: string) => pending().find((row) => row.entityId === entityId);
  const ports: LanePorts = {
    findWebhook: async () => webhook,
    mayHear: async () => true,
    noteAnswer: async () => {},
    places: { well: capacity(100), doubtful: capacity(100) },
    clock: () => new Date(now),
    queue: {
      async due(_id, _now, busy) {
        await turn();
        const due = pending()
          .filter(isDue)
          .toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
          .slice(0, batch);
        await turn();
        const heads = [...new Set(due.map(({ entityId }) => entityId))]
          .filter((id) => !busy.has(id))
          .flatMap((id) => firstOf(id) ?? []);
        const starting = heads.filter(isDue);
        return {
          heads: starting,
          waiting: due
            .filter((row) => !starting.includes(row))
            .map(({ id, entityId }) => {
              const head = heads.find((one) => one.entityId === entityId);
              return { id, entityId, until: head && !isDue(head) ? head.dueAt : null };
            }),
        };
      },
      async nextOf(_id, entityId) {
        await turn();
        const first = firstOf(entityId);
        return first && (first.round === 0 || isDue(first)) ? first : null;
      },
      async park(waiting) {
        await turn();
        for (const { id, until } of waiting) {
          const row = rows.get(id);
          if (row?.state === 'PENDING' && isDue(row)) {
            rows.set(id, { ...row, dueAt: until ?? new Date(now + 15_000) });
          }
        }
      },
      async record({ id, round, attemptCount }, attempt, { state, dueAt }) {
        await turn();
        const row = rows.get(id);
        if (!row || row.attemptCount !== attemptCount) return false;
        rows.set(id, {
          ...row,
          state,
          dueAt,
          round: round + 1,
          attemptCount: attemptCount + 1,
          attempts: [attempt],
        });
        return true;
      },
      withdraw: async () => {},
      removeOf: async () => {},
    },
    async send(_webhook, delivery) {
      seen.twoOfOne ||= onTheirWay.has(delivery.entityId);
      onTheirWay.add(delivery.entityId);
      seen.most = Math.max(seen.most, onTheirWay.size);
      sent.push(delivery);
      for (let left = world.turns(delivery); left > 0; left -= 1) await turn();
      onTheirWay.delete(delivery.entityId);
      const verdict = judgeAnswer(world.answer(delivery), delivery, new Date(now), 0.5);
      return {
        verdict,
        attempt: {
          at: new Date(now),
          durationMs: 1,
          requestHeaders: {},
          status: null,
          answer: null,
          failure: verdict.failure,
          detail: null,
        },
      };
    },
  };
  return {
    world,
    ports,
    sent,
    seen,
    rows,
    run: () => runLane(webhook.id, ports, { isOver: () => false, nudged: () => turn() }),
    /** On to the next moment at which anything is due; false where nothing is. */
    advance(): boolean {
      const next = pending().map(({ dueAt }) => dueAt.getTime());
      if (next.length === 0) return false;
      now = Math.max(now, Math.min(...next));
      return true;
    },
  };
}

const entities = fc.array(
  fc.record({ entity: fc.integer({ min: 0, max: 6 }), version: fc.integer({ min: 1, max: 12 }) }),
  { minLength: 1, maxLength: 50 },
);

describe('a lane', () => {
  test('sends each message until it arrives, in order per entity and one at a time, whatever fails and however long it takes', async () => {
    await fc.assert(
      fc.asyncProperty(entities, fc.infiniteStream(fc.nat({ max: 9 })), async (wanted, chance) => {
        const ids = new Map(
          wanted.map(({ entity, version }) => {
            const delivery = aDelivery(`e${entity}`, version);
            return [delivery.id, delivery];
          }),
        );
        const lane = aWorld([...ids.values()]);
        const next = () => chance.next().value ?? 0;
        lane.world.answer = ({ round }) => (round < 3 && next() < 2 ? bad : ok);
        lane.world.turns = () => next();

        do await lane.run();
        while (lane.advance());

        expect([...lane.rows.values()].every(({ state }) => state === 'DELIVERED')).toBe(true);
        expect(lane.seen.twoOfOne).toBe(false);
        expect(lane.seen.most).toBeLessThanOrEqual(SLOTS);
        for (const own of Map.groupBy(lane.sent, ({ entityId }) => entityId).values()) {
          const versions = own.map(({ entityVersion }) => entityVersion);
          expect(versions).toEqual(versions.toSorted((a, b) => a - b));
        }
        // Once each, and again only after a failure.
        expect(lane.sent.length).toBe(
          [...lane.rows.values()].reduce((sum, { attemptCount }) => sum + attemptCount, 0),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('asks an endpoint that fails one at a time, and as many as before once it answers', async () => {
    const lane = aWorld(
      Array.from({ length: 40 }, (_, at) => aDelivery(`e${at}`, 1)),
      64,
    );
    let isBroken = true;
    lane.world.answer = () => (isBroken ? bad : ok);
    lane.world.turns = () => {
      if (lane.sent.length === 20) isBroken = false;
      // What was the most until now no longer counts.
      if (lane.sent.length > SLOTS) lane.seen.most = isBroken ? 0 : lane.seen.most;
      return 3;
    };
    const most: number[] = [];
    const { send } = lane.ports;
    await runLane(
      webhook.id,
      {
        ...lane.ports,
        send: async (...args) => {
          const attempted = await send(...args);
          most.push(lane.seen.most);
          return attempted;
        },
      },
      { isOver: () => false, nudged: () => turn() },
    );

    expect(lane.sent).toHaveLength(40);
    expect(most.at(SLOTS - 1)).toBe(SLOTS);
    expect(most.slice(SLOTS + 1, 19).every((one) => one <= 1)).toBe(true);
    expect(most.at(-1)).toBeGreaterThan(1);
  });

  test('ends with what asks to be left alone, and says until when', async () => {
    const lane = aWorld(Array.from({ length: 40 }, (_, at) => aDelivery(`e${at}`, 1)));
    lane.world.answer = () => ({ ...bad, status: 503, retryAfterMs: 600_000 });

    expect(await lane.run()).toEqual(new Date(T0 + 600_000));
    expect(lane.sent.length).toBeLessThanOrEqual(SLOTS);
  });

  test('of a paused or missing webhook sends nothing', async () => {
    const lane = aWorld([aDelivery('e1', 1)]);
    const paused = { reason: 'FAILING' as const, at: new Date(T0) };
    for (const found of [{ ...webhook, paused }, null]) {
      await runLane(
        webhook.id,
        { ...lane.ports, findWebhook: async () => found },
        { isOver: () => false, nudged: () => turn() },
      );
    }
    expect(lane.sent).toEqual([]);
  });

  test('that is no longer held sends nothing more', async () => {
    const lane = aWorld(Array.from({ length: 30 }, (_, at) => aDelivery('e1', at + 1)));
    await runLane(webhook.id, lane.ports, {
      isOver: () => lane.sent.length >= 3,
      nudged: () => turn(),
    });
    expect(lane.sent).toHaveLength(3);
  });

  test('passes on what breaks inside it, after what is on its way has ended', async () => {
    const lane = aWorld(Array.from({ length: 10 }, (_, at) => aDelivery(`e${at}`, 1)));
    const record: LanePorts['queue']['record'] = async () => {
      throw new Error('no database');
    };
    const broken = { ...lane.ports, queue: { ...lane.ports.queue, record } };
    await expect(
      runLane(webhook.id, broken, { isOver: () => false, nudged: () => turn() }),
    ).rejects.toThrow('no database');
  });
});
