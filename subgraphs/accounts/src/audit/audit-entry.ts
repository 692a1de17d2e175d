import type { ActionRecorded } from '@vitrine/events/audit';

/** Of persons, apps and the platform itself: whatever concerns no shop. */
export const PLATFORM_CHAIN = 'platform';

/**
 * From where somebody acted: the one thing of an entry that is personal, and is erased with the
 * person. What changed holds no personal data in the first place (`audit-change.ts`), and ids are
 * nobody's any more once their account is erased.
 */
export type AuditDetails = Pick<ActionRecorded, 'origin'>;

/** What an entry tells for good. */
export interface AuditRecord extends Omit<ActionRecorded, keyof AuditDetails> {
  /** The fact that told it, `evt_…`; each is appended once. */
  readonly factId: string;
  readonly at: Date;
}

/**
 * An entry of a chain. Its hash covers the record, a salted hash of the details, and the hash of
 * the entry before it; so details can be erased, as the law may ask, without the chain breaking,
 * and nobody finds out an erased address by trying all of them.
 */
export interface AuditEntry extends AuditRecord {
  readonly chain: string;
  /** 1 is the first of its chain. */
  readonly number: number;
  /** Null once they are erased. */
  readonly details: (AuditDetails & { readonly salt: string }) | null;
  readonly detailsHash: string;
  /** Of the entry before; of nothing, for the first. */
  readonly previousHash: string;
  readonly hash: string;
}

/** The last entry of a chain; number 0 and `GENESIS` of one that has none. */
export interface ChainHead {
  readonly chain: string;
  readonly number: number;
  readonly hash: string;
}

export const GENESIS = '0'.repeat(64);

/** SHA-256 of a text, in hexadecimal. */
export type Digest = (text: string) => string;

/** A shop has a chain of its own, so that its owner can be shown all of it and nothing else. */
export const chainOf = ({ shopId }: Pick<ActionRecorded, 'shopId'>): string =>
  shopId ?? PLATFORM_CHAIN;

/** Everybody whose own log shows the entry: who it concerns, who acted, and as whom. */
export const peopleOf = ({ userId, actor }: Pick<ActionRecorded, 'userId' | 'actor'>): string[] =>
  [
    ...new Set([userId, actor.userId, actor.impersonatorId].filter((id) => id?.startsWith('usr_'))),
  ] as string[]; // nulls start with nothing

/** JSON with sorted keys, so that what is equal reads equal wherever and whenever it was stored. */
export function canonical(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${entries.join(',')}}`;
}

const recordOf = (entry: AuditRecord): AuditRecord => ({
  factId: entry.factId,
  at: entry.at,
  action: entry.action,
  subject: { type: entry.subject.type, id: entry.subject.id },
  shopId: entry.shopId,
  userId: entry.userId,
  actor: entry.actor,
  requestId: entry.requestId,
  before: entry.before,
  after: entry.after,
});

export const detailsHashOf = (
  details: NonNullable<AuditEntry['details']>,
  digest: Digest,
): string =>
  digest(
    canonical({
      salt: details.salt,
      origin: details.origin,
    }),
  );

/** What the hash of an entry must be. The place in the chain is covered by the hash before. */
export const hashOf = (
  entry: AuditRecord & Pick<AuditEntry, 'chain' | 'detailsHash' | 'previousHash'>,
  digest: Digest,
): string =>
  digest(
    canonical({
      chain: entry.chain,
      previous: entry.previousHash,
      details: entry.detailsHash,
      record: recordOf(entry),
    }),
  );

/** The entry that follows the head. */
export function entryAfter(
  head: ChainHead,
  told: AuditRecord & AuditDetails,
  { digest, salt }: { readonly digest: Digest; readonly salt: string },
): AuditEntry {
  const details = { salt, origin: told.origin };
  const entry = {
    ...recordOf(told),
    chain: head.chain,
    number: head.number + 1,
    details,
    detailsHash: detailsHashOf(details, digest),
    previousHash: head.hash,
  };
  return { ...entry, hash: hashOf(entry, digest) };
}
