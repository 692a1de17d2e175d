/** How long somebody still waits for the answer, in whole milliseconds. */
export const DEADLINE_HEADER = 'x-vitrine-deadline-ms';

/** Clocks differ between machines, so a request carries what is left; this is when that is over. */
export function deadlineOf(
  headers: Readonly<Record<string, unknown>>,
  now: number,
): number | undefined {
  const given = headers[DEADLINE_HEADER];
  if (typeof given !== 'string' || !/^-?\d{1,9}$/.test(given)) return undefined;
  return now + Number(given);
}
