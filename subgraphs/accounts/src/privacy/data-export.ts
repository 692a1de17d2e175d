import { DAY, HOUR, MINUTE, plus } from '@vitrine/kernel/clock';
import { missingOf, type Part } from './progress.ts';

export interface DataExport {
  readonly id: string;
  readonly userId: string;
  readonly state: 'COLLECTING' | 'READY' | 'FAILED' | 'EXPIRED';
  readonly parts: readonly Part[];
  readonly requestedAt: Date;
  /** When the file was there; null before. */
  readonly readyAt: Date | null;
  /** When the file goes; null while there is none. */
  readonly expiresAt: Date | null;
  /** The day of the last download, `2026-03-01`; one a day. */
  readonly downloadedOn: string | null;
}

/** Subgraphs that have not answered are asked again after this time. */
export const ASK_AGAIN_MS = 10 * MINUTE;
/** What is not there by then failed, and can be asked for again. */
const PATIENCE_MS = HOUR;
const KEPT_MS = 7 * DAY;

export const newExport = (id: string, userId: string, now: Date): DataExport => ({
  id,
  userId,
  state: 'COLLECTING',
  parts: [],
  requestedAt: now,
  readyAt: null,
  expiresAt: null,
  downloadedOn: null,
});

/** What is to be done for an export now. */
export type NextStep = 'ASSEMBLE' | 'ASK_AGAIN' | 'FAIL' | 'EXPIRE' | 'NOTHING';

export function nextStep(
  { state, parts, requestedAt, expiresAt }: DataExport,
  now: Date,
): NextStep {
  if (state === 'READY') return expiresAt !== null && expiresAt <= now ? 'EXPIRE' : 'NOTHING';
  if (state !== 'COLLECTING') return 'NOTHING';
  if (missingOf(parts).length === 0) return isLate(requestedAt, now) ? 'FAIL' : 'ASSEMBLE';
  return isLate(requestedAt, now) ? 'FAIL' : 'ASK_AGAIN';
}

const isLate = (requestedAt: Date, now: Date): boolean => plus(requestedAt, PATIENCE_MS) <= now;

export const readied = (found: DataExport, now: Date): DataExport => ({
  ...found,
  state: 'READY',
  readyAt: now,
  expiresAt: plus(now, KEPT_MS),
});

/** The whole file, once it is assembled. */
export const exportKey = (exportId: string): string => `exports/${exportId}/export.json`;

/** Where exports are kept. Implemented over MongoDB in `data-export.store.ts`. */
export interface DataExports {
  /** Null where one is being made already. */
  begin(userId: string): Promise<DataExport | null>;
  /** A person's, the newest first; a handful. */
  listOf(userId: string): Promise<readonly DataExport[]>;
}
