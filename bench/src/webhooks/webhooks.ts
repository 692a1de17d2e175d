import { startReceiver, type WebhookReceiver } from '@vitrine/testkit/webhook-receiver';
import { cpuMsOf } from '../cpu.ts';
import { type BenchResult, median } from '../figures.ts';
import { openWebhookWorld, type WebhookWorld } from './webhook-world.ts';

const PEOPLE = 500;
const VERSIONS = 2;
const ENDPOINTS = 10;
const EVENTS = PEOPLE * VERSIONS;
const MESSAGES = EVENTS * ENDPOINTS;
const ALONE = 40;

/**
 * A thousand events become messages for ten paused endpoints; these are resumed and get them; then
 * single events go to one endpoint. Fails unless each message has arrived exactly once.
 */
export async function benchWebhooks(say: (line: string) => void): Promise<BenchResult> {
  const world = await openWebhookWorld(PEOPLE);
  const receivers: WebhookReceiver[] = [];
  try {
    for (let at = 0; at < ENDPOINTS; at += 1) receivers.push(await startReceiver());
    const webhooks = await Promise.all(receivers.map(({ url }) => world.addPaused(url)));

    say(`${EVENTS} events for ${ENDPOINTS} endpoints`);
    const made = await timed(async () => {
      for (let version = 1; version <= VERSIONS; version += 1) {
        await world.change(0, PEOPLE, version);
      }
      await until(async () => (await world.countMessages()) === MESSAGES);
    });
    say(`${MESSAGES} messages`);
    const cpuBefore = cpuOf(world);
    const sent = await timed(async () => {
      for (const webhook of webhooks) {
        const next = { ...webhook, paused: null, version: webhook.version + 1 };
        await world.webhooks.save(next, 'resumed');
      }
      await until(async () => arrived(receivers) >= MESSAGES);
    });
    const cpu = cpuOf(world) - cpuBefore;
    const ids = new Set(
      receivers.flatMap(({ received }) => received.map(({ headers }) => headers['webhook-id'])),
    );
    if (ids.size !== MESSAGES || arrived(receivers) !== MESSAGES) {
      throw new Error(`${arrived(receivers)} arrivals of ${ids.size} messages, not ${MESSAGES}`);
    }
    const [first] = receivers;
    for (const { id } of webhooks.slice(1)) {
      const current = await world.webhooks.find(id);
      if (current) await world.webhooks.remove(current);
    }
    const latencies: number[] = [];
    for (let at = 0; first && at < ALONE; at += 1) {
      const before = first.received.length;
      latencies.push(
        1_000 *
          (await timed(async () => {
            await world.change(at, at + 1, VERSIONS + 1);
            await until(async () => first.received.length > before);
          })),
      );
    }
    return {
      name: 'webhooks',
      figures: [
        { label: 'events made into messages', value: EVENTS / made, unit: 'events/s' },
        {
          label: `messages of them, ${ENDPOINTS} each`,
          value: MESSAGES / made,
          unit: 'messages/s',
        },
        { label: 'messages delivered by one worker', value: MESSAGES / sent, unit: 'messages/s' },
        { label: 'CPU of the worker', value: cpu / MESSAGES, unit: 'CPU ms/message' },
        {
          label: 'from the change to its arrival, one at a time, median',
          value: median(latencies),
          unit: 'ms',
        },
      ],
    };
  } finally {
    await Promise.all(receivers.map((receiver) => receiver.stop()));
    await world.stop();
  }
}

const arrived = (receivers: readonly WebhookReceiver[]): number =>
  receivers.reduce((sum, { received }) => sum + received.length, 0);

function cpuOf({ worker }: WebhookWorld): number {
  if (worker.pid === undefined) throw new Error('the worker has ended');
  return cpuMsOf(worker.pid);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 2));
}
