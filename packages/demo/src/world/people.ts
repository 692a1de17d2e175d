import type { NewId } from '@vitrine/kernel/id';
import type { Random } from './random.ts';
import { texts } from './texts.ts';

/** Everybody in the demo signs in with this. Published on purpose: nothing here is worth stealing. */
export const DEMO_PASSWORD = 'vitrine-demo';

export interface DemoPerson {
  readonly userId: string;
  readonly email: string;
  readonly displayName: string;
  readonly handle: string;
  readonly avatarUrl: string | null;
  readonly roles: readonly ('BUYER' | 'OPERATOR')[];
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
      roles: part === 'operator' ? ['BUYER', 'OPERATOR'] : ['BUYER'],
      market: markets[index % markets.length] ?? 'GB',
    };
  });
}
