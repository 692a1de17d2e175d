import { type OperatorDuty, operatorDuties } from '@vitrine/platform/viewer';

/** Duties as a command line names them, `none` for none; null for anything else. */
export function readDuties(list: string | undefined): readonly OperatorDuty[] | null {
  if (list === undefined) return null;
  if (list === 'none') return [];
  const named = list.split(',').map((name) => operatorDuties.find((duty) => duty === name));
  return named.every((duty) => duty !== undefined) ? [...new Set(named)] : null;
}
