import { type Clock, MINUTE } from '@vitrine/kernel/clock';
import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import { keyProblems, readText } from '../input/read-input.ts';
import { type Package, type Packages, type TrackingStatus, track } from './package.ts';
import {
  afterwards,
  asResult,
  type OncePerKey,
  type PackageCommandRefusal,
  type PackageResult,
} from './ship-package.ts';

export interface RecordTrackingEventCommand {
  readonly packageId: string;
  readonly status: TrackingStatus;
  readonly occurredAt: Date;
  readonly location?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly raw?: string | null | undefined;
  readonly idempotencyKey: string;
  readonly userId: string;
}

export type RecordTrackingEvent = (
  command: RecordTrackingEventCommand,
  isVisible: (parcel: Package) => boolean,
) => Promise<Outcome<PackageResult, PackageCommandRefusal>>;

/** Clocks of carriers run a little ahead of ours. */
const CLOCK_SKEW_MS = 5 * MINUTE;
const MAX_RAW = 4_000;

/** `isVisible` tells whether the person may know of and report on a parcel. */
export const recordTrackingEvent =
  (
    packages: Packages,
    { once, clock }: { readonly once: OncePerKey; readonly clock: Clock },
  ): RecordTrackingEvent =>
  async (command, isVisible) => {
    const { packageId, status, occurredAt, idempotencyKey, userId } = command;
    const read = {
      location: readText(command.location, { path: ['location'], min: 0, max: 120 }),
      description: readText(command.description, { path: ['description'], min: 0, max: 500 }),
    };
    const problems = [
      ...Object.values(read).flatMap((field) => field.problems),
      ...keyProblems(idempotencyKey),
    ];
    // Kept as it came, whatever it holds: it is evidence, and never shown to buyers.
    const raw = command.raw ?? null;
    if (raw !== null && raw.length > MAX_RAW) {
      problems.push({
        code: 'TEXT_TOO_LONG',
        message: `raw has at most ${MAX_RAW} characters.`,
        path: ['raw'],
      });
    }
    if (occurredAt.getTime() > clock().getTime() + CLOCK_SKEW_MS) {
      problems.push({
        code: 'IN_THE_FUTURE',
        message: 'occurredAt has not come yet.',
        path: ['occurredAt'],
      });
    }
    if (problems.length > 0) return refuse({ kind: 'INVALID', problems });
    const found = await packages.find(packageId);
    if (!found || !isVisible(found)) return refuse({ kind: 'NOT_FOUND' });

    const report = {
      status,
      occurredAt,
      location: read.location.text,
      description: read.description.text,
      raw,
    };
    const done = await once(
      {
        scope: `recordTrackingEvent/${userId}`,
        key: idempotencyKey,
        input: { packageId, ...report },
      },
      async () => {
        const event = { ...report, key: `${userId}/${idempotencyKey}` };
        return asResult(await packages.decide(packageId, (parcel) => track(parcel, event)));
      },
    );
    return done.ok ? afterwards(packages, packageId, done.value) : done;
  };
