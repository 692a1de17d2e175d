import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type PostedRate, post, postedAt, rateFor } from './rate.ts';

/** An offer of one shop to all creators: a commission on one product. */
export interface Collaboration {
  readonly id: string;
  readonly shopId: string;
  readonly productId: string;
  readonly rates: readonly PostedRate[];
  /** From then on nobody can join; null when that is open. */
  readonly closesAt: Date | null;
  readonly version: number;
  readonly createdAt: Date;
}

/** A creator's side of a collaboration; at most one per creator and collaboration. */
export interface Partnership {
  readonly collaborationId: string;
  readonly creatorId: string;
  readonly joinedAt: Date;
}

/** A collaboration together with one creator's side of it. */
export interface Joined {
  readonly collaboration: Collaboration;
  readonly partnership: Partnership;
}

export interface Collaborations {
  findMany(ids: readonly string[]): Promise<Collaboration[]>;
  /** `ALREADY_OPEN` when the product has another that creators can join at `collaboration.createdAt`. */
  add(collaboration: Collaboration): Promise<Collaboration | 'ALREADY_OPEN'>;
  /** Stores the next version if the stored one is the version before it; tells whether it did. */
  save(next: Collaboration): Promise<boolean>;
  /** False when the creator has joined before. */
  join(partnership: Partnership): Promise<boolean>;
}

export type CollaborationRefusal =
  | 'ALREADY_OPEN'
  | 'PRODUCT_NOT_LISTED'
  | 'CLOSED'
  | 'ALREADY_JOINED'
  | 'NOT_A_CREATOR'
  | 'UNCHANGED'
  | 'TOO_MANY_CHANGES';

/** So many posted rates are held; they thin out by themselves after three months. */
export const MOST_RATES = 100;

export const isOpen = ({ closesAt }: Collaboration, at: Date): boolean =>
  closesAt === null || at < closesAt;

/** The rates with the end of the offer: closing is a cut to nothing, so its notice is the same. */
export const ratesOf = ({ rates, closesAt }: Collaboration): readonly PostedRate[] =>
  closesAt === null
    ? rates
    : [...rates.filter(({ from }) => from < closesAt), { bps: 0, from: closesAt }];

/** What a creator joining now would earn; for a closed one what was offered last. */
export const offeredBps = ({ rates }: Collaboration, at: Date): number =>
  postedAt(rates, at) || (rates[0]?.bps ?? 0);

/** What a sale at `at` earns the partner; 0 when nothing. */
export const partnerBps = ({ collaboration, partnership }: Joined, at: Date): number =>
  rateFor(ratesOf(collaboration), partnership.joinedAt, at);

/** Posts another rate. Whom it reaches when is `rateFor`'s affair. */
export function changeRate(
  collaboration: Collaboration,
  bps: number,
  now: Date,
): Outcome<Collaboration, CollaborationRefusal> {
  if (!isOpen(collaboration, now)) return refuse('CLOSED');
  if (offeredBps(collaboration, now) === bps) return refuse('UNCHANGED');
  // Clocks of two machines may differ by more than the time between two changes.
  const last = collaboration.rates.at(-1)?.from.getTime() ?? 0;
  const from = new Date(Math.max(now.getTime(), last + 1));
  const rates = post(collaboration.rates, { bps, from });
  if (rates.length > MOST_RATES) return refuse('TOO_MANY_CHANGES');
  return accept({ ...collaboration, rates, version: collaboration.version + 1 });
}

export function close(
  collaboration: Collaboration,
  now: Date,
): Outcome<Collaboration, CollaborationRefusal> {
  if (!isOpen(collaboration, now)) return refuse('CLOSED');
  return accept({ ...collaboration, closesAt: now, version: collaboration.version + 1 });
}
