import { MINUTE } from '@vitrine/kernel/clock';

/** Something a viewer did with a product. A purchase is told by orders, the rest by clients. */
export interface Signal {
  readonly kind: SignalKind;
  readonly productId: string;
  readonly market: string;
  readonly at: Date;
  readonly dwellMs: number | null;
}

export type SignalKind =
  | 'VIEW'
  | 'CLICK'
  | 'LIKE'
  | 'SHARE'
  | 'ADD_TO_CART'
  | 'PURCHASE'
  | 'DISMISS';

/** What one viewer did, as one delivery: counted once, however often it comes. */
export interface Batch {
  readonly id: string;
  /** `usr_…`, or `guest_<key>` for somebody without a token. */
  readonly viewerId: string;
  readonly signals: readonly Signal[];
}

/** How much interest a kind shows, a glance being 1. Chosen by order, not fitted. */
const WEIGHTS: Record<SignalKind, number> = {
  VIEW: 1,
  CLICK: 1.5,
  LIKE: 3,
  SHARE: 3,
  ADD_TO_CART: 4,
  PURCHASE: 6,
  DISMISS: 0,
};

/** So long a look weighs twice a glance, and longer ones no more: people leave pages open. */
const LONG_LOOK_MS = 20_000;

export function weightOf({ kind, dwellMs }: Pick<Signal, 'kind' | 'dwellMs'>): number {
  if (kind !== 'VIEW' || dwellMs === null) return WEIGHTS[kind];
  return WEIGHTS.VIEW * (1 + Math.min(Math.max(dwellMs, 0) / LONG_LOOK_MS, 1));
}

/** Things done at most so far apart belong to one visit. */
export const SESSION_MS = 30 * MINUTE;

export const isSameSession = (a: Date, b: Date): boolean =>
  Math.abs(a.getTime() - b.getTime()) <= SESSION_MS;

export const guestId = (guestKey: string): string => `guest_${guestKey}`;
export const isGuest = (viewerId: string): boolean => viewerId.startsWith('guest_');
