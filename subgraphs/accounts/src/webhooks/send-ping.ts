import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Delivery } from '../webhook-deliveries/delivery.ts';
import { pingFor } from '../webhook-messages/message.ts';
import type { IsMine } from './change-webhook.ts';
import type { Webhooks } from './webhook.ts';

interface PingPorts {
  readonly webhooks: Pick<Webhooks, 'find'>;
  readonly send: (delivery: Delivery) => Promise<void>;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** Sends a message that says nothing but that messages arrive. */
export const sendPing =
  ({ webhooks, send, clock, newId }: PingPorts) =>
  async (id: string, isMine: IsMine): Promise<Outcome<Delivery, 'NOT_FOUND' | 'PAUSED'>> => {
    const webhook = await webhooks.find(id);
    if (!webhook || !(await isMine(webhook))) return refuse('NOT_FOUND');
    if (webhook.paused) return refuse('PAUSED');
    const ping = pingFor(webhook, { id: newId('msg'), now: clock() });
    await send(ping);
    return accept(ping);
  };
