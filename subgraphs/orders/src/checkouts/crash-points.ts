/**
 * Every place between two steps of a checkout or a cancellation where a process may die. Tests kill
 * it at each (`CRASH_AT`) and see the same end.
 */
export const crashPoints = [
  /** In the server: the checkout is stored, and its caller was not answered. */
  'checkout:after-stored',
  /** Logistics' answer is stored, and nobody was told to go on. */
  'checkout:after-stock-reserved',
  'checkout:after-stock-refused',
  /** The provider holds the amount, and the checkout does not know. */
  'checkout:after-authorise',
  'checkout:after-payment-authorised',
  'checkout:after-payment-declined',
  'checkout:after-orders-placed',
  /** The provider took the amount, and the checkout does not know. */
  'checkout:after-capture',
  'checkout:after-payment-captured',
  'checkout:after-time-ran-out',
  /** The provider gave up the payment, and the checkout does not know. */
  'checkout:after-void',
  'checkout:after-payment-voided',
  /** The order is cancelled, and nobody was told to pay it back. */
  'order:after-cancelled',
  /** The provider paid it back, and the order does not know. */
  'order:after-refund',
] as const;

export type CrashPoint = (typeof crashPoints)[number];
export type Crash = (point: CrashPoint) => void;
