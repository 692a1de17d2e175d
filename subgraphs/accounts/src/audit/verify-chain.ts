import {
  type AuditEntry,
  type ChainHead,
  type Digest,
  detailsHashOf,
  GENESIS,
  hashOf,
  peopleOf,
} from './audit-entry.ts';

export type FaultKind =
  /** Entries that were there are gone. */
  | 'MISSING'
  /** The entry is not what was appended. */
  | 'CHANGED'
  /** The entry is genuine and stands where another was. */
  | 'MOVED'
  /** The details are gone, and nobody whom the entry names was erased. */
  | 'DETAILS_MISSING'
  /** The chain ends before, or otherwise than, it was seen to. */
  | 'TRUNCATED';

export interface ChainFault {
  readonly chain: string;
  /** The first number concerned. */
  readonly number: number;
  readonly kind: FaultKind;
  readonly factId: string | null;
}

export interface ChainVerdict {
  readonly chain: string;
  readonly entries: number;
  readonly faults: readonly ChainFault[];
}

export interface ChainToVerify {
  readonly head: ChainHead;
  /** Places of the chain that were written down elsewhere, at any time before. */
  readonly anchors: readonly ChainHead[];
  /** All entries up to the head, by number. */
  readonly entries: AsyncIterable<AuditEntry>;
  readonly isErased: (userId: string) => Promise<boolean>;
}

/** More say nothing new: who reads the first hundred knows where to look. */
const MOST_FAULTS = 100;

/** Reads a chain from its beginning and names every place that is not as it was appended. */
export async function verifyChain(
  { head, anchors, entries, isErased }: ChainToVerify,
  digest: Digest,
): Promise<ChainVerdict> {
  const { chain } = head;
  const faults: ChainFault[] = [];
  const anchored = new Map(anchors.map((anchor) => [anchor.number, anchor.hash]));
  let last: Pick<AuditEntry, 'number' | 'hash'> = { number: 0, hash: GENESIS };
  let count = 0;

  const fault = (kind: FaultKind, number: number, factId: string | null = null): void => {
    if (faults.length < MOST_FAULTS) faults.push({ chain, number, kind, factId });
  };
  const areDetailsSound = async (entry: AuditEntry): Promise<boolean> => {
    if (entry.details) return detailsHashOf(entry.details, digest) === entry.detailsHash;
    const erased = await Promise.all(peopleOf(entry).map(isErased));
    return erased.includes(true);
  };

  for await (const entry of entries) {
    count += 1;
    const { number, factId } = entry;
    const isNext = number === last.number + 1;
    if (!isNext) fault('MISSING', last.number + 1);
    if (hashOf(entry, digest) !== entry.hash) fault('CHANGED', number, factId);
    else if (isNext && entry.previousHash !== last.hash) fault('MOVED', number, factId);
    if (!(await areDetailsSound(entry))) {
      fault(entry.details ? 'CHANGED' : 'DETAILS_MISSING', number, factId);
    }
    const known = anchored.get(number);
    if (known !== undefined && known !== entry.hash) fault('CHANGED', number, factId);
    last = entry;
  }

  const furthest = [head, ...anchors].reduce((a, b) => (b.number > a.number ? b : a));
  if (last.number < furthest.number) fault('TRUNCATED', last.number + 1);
  else if (last.number === head.number && last.hash !== head.hash) fault('TRUNCATED', last.number);
  return { chain, entries: count, faults: withoutDoubles(faults) };
}

const withoutDoubles = (faults: readonly ChainFault[]): ChainFault[] => [
  ...new Map(faults.map((one) => [`${one.kind}/${one.number}`, one])).values(),
];
