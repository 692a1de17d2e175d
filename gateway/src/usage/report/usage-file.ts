import { z } from 'zod';

const day = z.iso.date();

const use = z.strictObject({
  client: z.string(),
  version: z.string(),
  /** Operations, not answers: a list of a hundred counts once. */
  count: z.number().int().positive(),
  /** UTC day. */
  lastSeen: day,
});

const usageFile = z.strictObject({
  format: z.literal(1),
  /** The first and the last day of what was counted, UTC. */
  since: day,
  until: day,
  /** By schema coordinate: `Product.title`, `Query.product(id:)`, `OrderState.PAID`, `AddressInput`. */
  usage: z.record(z.string(), z.array(use)),
});

/** How one version of one client uses one thing. */
export type Use = Readonly<z.infer<typeof use>>;

/** Who uses what, as a file that travels from the platform to whoever judges a change. */
export type UsageFile = Readonly<z.infer<typeof usageFile>>;

/** Throws an `Error` that names every problem of the file. */
export function parseUsageFile(text: string): UsageFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`The usage file is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = usageFile.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`The usage file is not usable.\n${z.prettifyError(parsed.error)}`);
}

/** Sorted, so that two files of the same use differ in nothing. */
export function usageFileOf(
  uses: readonly (Use & { readonly coordinate: string })[],
  { since, until }: Pick<UsageFile, 'since' | 'until'>,
): UsageFile {
  const usage: Record<string, Use[]> = {};
  for (const { coordinate, ...one } of uses.toSorted((a, b) =>
    a.coordinate < b.coordinate ? -1 : 1,
  )) {
    usage[coordinate] ??= [];
    usage[coordinate].push(one);
  }
  for (const list of Object.values(usage)) {
    list.sort((a, b) => `${a.client}\t${a.version}`.localeCompare(`${b.client}\t${b.version}`));
  }
  return { format: 1, since, until, usage };
}
