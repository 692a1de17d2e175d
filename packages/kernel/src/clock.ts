/** The only way code under test learns the time; the platform passes `systemClock`. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** `at` moved by `ms` milliseconds. */
export const plus = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
