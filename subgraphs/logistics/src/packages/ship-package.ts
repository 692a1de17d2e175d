import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { keyProblems, type Problem, readText } from '../input/read-input.ts';
import { type Package, type PackageRefusal, type Packages, ship } from './package.ts';

export interface ShipPackageCommand {
  readonly packageId: string;
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly idempotencyKey: string;
  readonly userId: string;
}

export type PackageCommandRefusal =
  | { readonly kind: 'INVALID'; readonly problems: readonly Problem[] }
  | { readonly kind: 'NOT_FOUND' }
  | { readonly kind: 'IDEMPOTENCY'; readonly code: 'IDEMPOTENCY_KEY_REUSED' | 'IN_PROGRESS' }
  | { readonly kind: 'REFUSED'; readonly refusal: PackageRefusal };

/** A parcel after a command; `isReplayed` when an earlier call with the same key did it. */
export interface PackageResult {
  readonly package: Package;
  readonly isReplayed: boolean;
}

/**
 * Runs a command once per key and person. Implemented over the platform's idempotency keys: the
 * work may run again after a crash, so a parcel remembers the keys it was changed by.
 */
export type OncePerKey = (
  call: { readonly scope: string; readonly key: string; readonly input: unknown },
  work: () => Promise<Outcome<{ readonly packageId: string }, PackageCommandRefusal>>,
) => Promise<Outcome<{ readonly isReplayed: boolean }, PackageCommandRefusal>>;

const TRACKING_NUMBER = /^[A-Za-z0-9-]{5,40}$/;

export type ShipPackage = (
  command: ShipPackageCommand,
  isVisible: (parcel: Package) => boolean,
) => Promise<Outcome<PackageResult, PackageCommandRefusal>>;

/** `isVisible` tells whether the person may know of and ship a parcel; others are as if they did not exist. */
export const shipPackage =
  (
    packages: Packages,
    { once, clock }: { readonly once: OncePerKey; readonly clock: Clock },
  ): ShipPackage =>
  async (command, isVisible) => {
    const { packageId, idempotencyKey, userId } = command;
    const carrier = readText(command.carrier, { path: ['carrier'], min: 1, max: 60 });
    const problems = [...carrier.problems, ...keyProblems(idempotencyKey)];
    if (!TRACKING_NUMBER.test(command.trackingNumber)) {
      problems.push({
        code: 'TRACKING_NUMBER_FORMAT',
        message: 'trackingNumber has 5 to 40 letters, digits and hyphens.',
        path: ['trackingNumber'],
      });
    }
    if (problems.length > 0) return refuse({ kind: 'INVALID', problems });
    const found = await packages.find(packageId);
    if (!found || !isVisible(found)) return refuse({ kind: 'NOT_FOUND' });

    const input = { packageId, carrier: carrier.text, trackingNumber: command.trackingNumber };
    const done = await once(
      { scope: `shipPackage/${userId}`, key: idempotencyKey, input },
      async () => {
        const shipment = {
          carrier: carrier.text ?? '',
          trackingNumber: command.trackingNumber,
          shippedAt: clock(),
          key: `${userId}/${idempotencyKey}`,
        };
        return asResult(await packages.decide(packageId, (parcel) => ship(parcel, shipment)));
      },
    );
    return done.ok ? afterwards(packages, packageId, done.value) : done;
  };

/** A store's answer as a command's, with what survives JSON. */
export function asResult(
  decided: Outcome<Package, PackageRefusal> | null,
): Outcome<{ readonly packageId: string }, PackageCommandRefusal> {
  if (!decided) return refuse({ kind: 'NOT_FOUND' });
  return decided.ok
    ? accept({ packageId: decided.value.id })
    : refuse({ kind: 'REFUSED', refusal: decided.refusal });
}

/** The parcel as it is after a command, which may have been an earlier one. */
export async function afterwards(
  packages: Packages,
  packageId: string,
  { isReplayed }: { readonly isReplayed: boolean },
): Promise<Outcome<PackageResult, PackageCommandRefusal>> {
  const parcel = await packages.find(packageId);
  return parcel ? accept({ package: parcel, isReplayed }) : refuse({ kind: 'NOT_FOUND' });
}
