import type { NewId } from '@vitrine/kernel/id';
import type { Random } from './random.ts';
import { texts } from './texts.ts';

/** Everybody in the demo signs in with this. Published on purpose: nothing here is worth stealing. */
export const DEMO_PASSWORD = 'vitrine-demo';

/**
 * The authenticator app of `operator1`, in base 32, to be typed into one. As public as the password:
 * an operator needs a second factor, and this is what a demo has for one.
 */
export const DEMO_ONE_TIME_PASSWORD_SECRET = 'VTRNDEMXOPERATRXVTRNDEMXOPERATRX';

export interface DemoPerson {
  readonly userId: string;
  readonly email: string;
  readonly displayName: string;
  readonly handle: string;
  readonly avatarUrl: string | null;
  readonly roles: readonly ('BUYER' | 'OPERATOR')[];
  readonly duties?: readonly ('REVIEWS' | 'FINANCE' | 'MODERATION')[];
  readonly oneTimePasswordSecret?: string;
  /** Where they live and buy. */
  readonly market: string;
}

/** `count` people of a part, spread over the markets: `buyer1@demo.vitrine.example` and so on. */
export function makePeople(
  part: 'owner' | 'creator' | 'buyer' | 'operator' | 'developer',
  count: number,
  {
    newId,
    random,
    markets,
    avatarOf,
  }: {
    readonly newId: NewId;
    readonly random: Random;
    readonly markets: readonly string[];
    readonly avatarOf: (handle: string) => string;
  },
): DemoPerson[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${random.pick(texts.people)} ${random.pick(texts.surnames)}`;
    const handle = `${part}${index + 1}`;
    return {
      userId: newId('usr'),
      email: `${handle}@demo.vitrine.example`,
      displayName: name,
      handle,
      avatarUrl: avatarOf(handle),
      ...(part === 'operator' ? operator : { roles: ['BUYER'] as const }),
      market: markets[index % markets.length] ?? 'GB',
    };
  });
}

const operator = {
  roles: ['BUYER', 'OPERATOR'],
  duties: ['REVIEWS', 'FINANCE', 'MODERATION'],
  oneTimePasswordSecret: DEMO_ONE_TIME_PASSWORD_SECRET,
} as const;
