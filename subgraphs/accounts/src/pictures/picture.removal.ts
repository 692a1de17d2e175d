import { MINUTE, plus } from '@vitrine/kernel/clock';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { openStorage } from '@vitrine/platform/storage';
import { setTimer } from '@vitrine/platform/timers';
import { folderOf } from './judge-picture.ts';

/** Takes an old picture away; the timer's key is the file's. */
export const REMOVAL_TIMER = 'picture-removal';
/** Pages that are open still show it for so long. */
const SHOWN_ON_MS = MINUTE;

/**
 * Has a person's former picture taken away a little after the transaction that replaces it. Only
 * what they uploaded: an address of something else, even of another person's picture, is let be.
 */
export async function giveUpPicture(
  services: Services,
  tx: Transaction,
  { userId, avatarUrl }: { readonly userId: string; readonly avatarUrl: string | null },
): Promise<void> {
  const key = avatarUrl === null ? null : ownKeyOf(services, userId, avatarUrl);
  if (key === null) return;
  const dueAt = plus(services.clock(), SHOWN_ON_MS);
  await setTimer(services, tx, { kind: REMOVAL_TIMER, key, dueAt });
}

function ownKeyOf(services: Services, userId: string, avatarUrl: string): string | null {
  const base = openStorage(services.env).media.urlOf('x').slice(0, -1);
  const folder = folderOf(userId);
  if (!avatarUrl.startsWith(`${base}${folder}`)) return null;
  const name = avatarUrl.slice(base.length + folder.length);
  return /^[a-z0-9]{32}-[A-Z0-9]{10}\.(jpg|png|webp)$/.test(name) ? folder + name : null;
}
