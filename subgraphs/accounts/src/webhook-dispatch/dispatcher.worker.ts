import { SECOND } from '@vitrine/kernel/clock';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { nudgeChannel } from './dispatcher.nudge.ts';
import { LEASE_MS, type Leases } from './lane.lease.ts';
import type { LaneSignal } from './lane.ts';

const SWEEP_MS = SECOND;
const RENEW_MS = 2 * SECOND;
/** Counted from the last renewal: what is sent later may be sent by another process as well. */
const SAFE_MS = LEASE_MS - SECOND;
const PATIENCE_AT_END_MS = 3 * SECOND;
/** Lanes of one process; the others have theirs. */
const MOST_LANES = 1_000;

export interface DispatcherPorts {
  readonly leases: Leases;
  /** Webhooks that are not paused and have something due. */
  readonly dueWebhooks: () => Promise<readonly string[]>;
  /** Puts right what a lane that has died left behind. */
  readonly takeOver: (webhookId: string) => Promise<void>;
  readonly run: (webhookId: string, signal: LaneSignal) => Promise<Date | null>;
  readonly sweepMs?: number;
}

export interface Dispatcher extends Closable {
  /** Looks for what is due, as it does each second; resolves when those lanes have ended. */
  sweep(): Promise<void>;
}

interface Lane {
  isWanted: boolean;
  /** On the clock of `performance`; 0 before it is taken. */
  heldUntil: number;
  /** Tells whoever waits in the lane that there may be more. */
  hear: () => void;
  done: Promise<void>;
}

/**
 * Gives webhooks that have something due a lane in this process. MongoDB says what is due and who
 * holds which lane; Redis only makes it quick. Any number of processes may dispatch.
 */
export function startDispatcher(services: Services, ports: DispatcherPorts): Dispatcher {
  const { leases, dueWebhooks, takeOver, run, sweepMs = SWEEP_MS } = ports;
  const { logger } = services;
  const lanes = new Map<string, Lane>();
  let isClosed = false;
  let sweeping: Promise<unknown> | null = null;

  async function hold(webhookId: string, lane: Lane): Promise<void> {
    const isOver = () => isClosed || performance.now() > lane.heldUntil;
    const signal: LaneSignal = {
      isOver,
      nudged: () =>
        new Promise((resolve) => {
          lane.hear = resolve;
        }),
    };
    let leaveAloneUntil: Date | null = null;
    let isHeld = false;
    try {
      const asked = performance.now();
      const taken = await leases.take(webhookId);
      if (!taken) return;
      isHeld = true;
      lane.heldUntil = asked + SAFE_MS;
      if (taken === 'LEFT') await takeOver(webhookId);
      do {
        lane.isWanted = false;
        leaveAloneUntil = await run(webhookId, signal);
      } while (lane.isWanted && !leaveAloneUntil && !isOver());
    } finally {
      lanes.delete(webhookId);
      if (isHeld) await leases.release(webhookId, leaveAloneUntil ?? undefined);
    }
  }

  function open(webhookId: string): Promise<void> {
    const known = lanes.get(webhookId);
    if (known) {
      known.isWanted = true;
      known.hear();
      return known.done;
    }
    if (isClosed || lanes.size >= MOST_LANES) return Promise.resolve();
    const lane: Lane = { isWanted: false, heldUntil: 0, hear: () => {}, done: Promise.resolve() };
    lanes.set(webhookId, lane);
    lane.done = hold(webhookId, lane).catch((error: unknown) =>
      logger.warn({ err: error, webhookId }, 'a lane of webhooks will be opened again'),
    );
    return lane.done;
  }

  async function renew(): Promise<void> {
    const asked = performance.now();
    const held = await leases.renew([...lanes.keys()]);
    for (const [webhookId, lane] of lanes) {
      if (held.has(webhookId)) lane.heldUntil = asked + SAFE_MS;
    }
  }

  async function look(): Promise<Promise<void>[]> {
    const due = await dueWebhooks();
    // Asking for what others hold would be a write for each.
    const taken = await leases.taken(due.filter((id) => !lanes.has(id)));
    return due.filter((id) => !taken.has(id)).map(open);
  }

  const quietly = (work: Promise<unknown>, message: string): void =>
    void work.catch((error: unknown) => logger.warn({ err: error }, message));
  const sweepTimer = setInterval(() => {
    if (sweeping) return;
    sweeping = look().finally(() => {
      sweeping = null;
    });
    quietly(sweeping, 'webhooks were not looked for');
  }, sweepMs);
  const renewTimer = setInterval(() => {
    if (lanes.size > 0) quietly(renew(), 'lanes of webhooks were not kept');
  }, RENEW_MS);

  const subscriber = services.openBlockingRedis();
  subscriber.on('message', (_channel: string, ids: string) => {
    for (const id of ids.split(' ')) quietly(open(id), 'a lane of webhooks was not opened');
  });
  void subscriber.subscribe(nudgeChannel(services)).catch((error: unknown) => {
    if (!isClosed) logger.warn({ err: error }, 'no nudges; sweeping instead');
  });

  return {
    async sweep() {
      await Promise.all(await look());
    },
    async close() {
      isClosed = true;
      clearInterval(sweepTimer);
      clearInterval(renewTimer);
      subscriber.disconnect();
      const open = [...lanes.values()];
      for (const { hear } of open) hear();
      await sweeping?.catch(() => {});
      await Promise.race([
        Promise.all(open.map(({ done }) => done)),
        // Who has not answered by then is asked again, by whoever takes the lane over.
        new Promise((resolve) => setTimeout(resolve, PATIENCE_AT_END_MS).unref()),
      ]);
    },
  };
}
