import { deprecated } from '@vitrine/gateway/reference/deprecated';
import type { UsageFile, Use } from '@vitrine/gateway/usage/report/usage-file';
import { useLine } from '@vitrine/gateway/usage/report/usage-report';
import type { GraphQLSchema } from 'graphql';
import { type BreakingChange, unannounced } from './breaking-changes.ts';
import { readDeprecation } from './deprecations.ts';

/**
 * What is said of a breaking change. `early`: its deprecation promised a later day. `used` and
 * `unknown` are not announced, and are used or may be.
 */
export type Verdict =
  | { readonly kind: 'early'; readonly removalAfter: string }
  | { readonly kind: 'announced'; readonly uses: readonly Use[] }
  | { readonly kind: 'unused' }
  | { readonly kind: 'used'; readonly uses: readonly Use[] }
  | { readonly kind: 'unknown' };

export interface Judged {
  readonly change: BreakingChange;
  readonly verdict: Verdict;
}

export interface Evidence {
  /** The public schema before the change. */
  readonly before: GraphQLSchema;
  /** Lines that the changelog has gained. */
  readonly addedLines: string;
  /** Null where nobody has said who uses what. */
  readonly usage: UsageFile | null;
  /** `2026-11-22` */
  readonly today: string;
}

export function judgeChanges(
  changes: readonly BreakingChange[],
  { before, addedLines, usage, today }: Evidence,
): Judged[] {
  const silent = new Set(unannounced(changes, addedLines));
  const promised = new Map(
    deprecated(before).flatMap(({ coordinate, reason }) => {
      const read = readDeprecation(reason);
      return read ? [[coordinate, read.removalAfter] as const] : [];
    }),
  );
  return changes.map((change) => {
    const removalAfter = promised.get(change.coordinate);
    if (removalAfter !== undefined && today <= removalAfter) {
      return { change, verdict: { kind: 'early', removalAfter } };
    }
    const uses = usage && change.affects ? usesOf(usage, change.affects) : null;
    if (!silent.has(change)) return { change, verdict: { kind: 'announced', uses: uses ?? [] } };
    if (!uses) return { change, verdict: { kind: 'unknown' } };
    return { change, verdict: uses.length > 0 ? { kind: 'used', uses } : { kind: 'unused' } };
  });
}

export const isRefused = ({ verdict: { kind } }: Judged): boolean =>
  kind === 'early' || kind === 'used' || kind === 'unknown';

/** Who uses any of the coordinates, a client and version once, the most frequent first. */
function usesOf({ usage }: UsageFile, affects: readonly string[]): Use[] {
  const byClient = new Map<string, Use>();
  for (const [coordinate, uses] of Object.entries(usage)) {
    if (!affects.some((own) => coordinate === own || isMember(coordinate, own))) continue;
    for (const use of uses) {
      const key = `${use.client}\t${use.version}`;
      const known = byClient.get(key);
      byClient.set(key, {
        ...use,
        // One operation may use several of them; the most used one is what is known for sure.
        count: Math.max(known?.count ?? 0, use.count),
        lastSeen: [known?.lastSeen ?? '', use.lastSeen].toSorted().at(-1) ?? use.lastSeen,
      });
    }
  }
  return [...byClient.values()].toSorted((one, other) => other.count - one.count);
}

const isMember = (coordinate: string, type: string): boolean =>
  !type.includes('.') && coordinate.startsWith(`${type}.`);

const DAYS_OF_TRUST = 30;

/** Why a usage file proves nothing, or null: of what was not watched lately nobody knows. */
export function distrust({ usage, until }: UsageFile, now: Date): string | null {
  if (Object.keys(usage).length === 0) return 'it holds no use at all';
  const age = now.getTime() - new Date(`${until}T00:00:00Z`).getTime();
  return age > DAYS_OF_TRUST * 86_400_000
    ? `it ends on ${until}, more than ${DAYS_OF_TRUST} days ago`
    : null;
}

/** What is printed of a judgement. */
export function judgementLines({ change: { coordinate, message }, verdict }: Judged): string[] {
  const name = `\`${coordinate}\`: ${message}`;
  switch (verdict.kind) {
    case 'early':
      return [`promised to stay until ${verdict.removalAfter}: ${name}`];
    case 'announced':
      return [
        `announced: ${name}`,
        ...verdict.uses.map((use) => `    still used by ${useLine(use)}`),
      ];
    case 'unused':
      return [`used by nobody: ${name}`];
    case 'used':
      return [
        `breaking, in use and not announced: ${name}`,
        ...verdict.uses.map((use) => `    used by ${useLine(use)}`),
      ];
    case 'unknown':
      return [`breaking and not announced: ${name}`];
  }
}
