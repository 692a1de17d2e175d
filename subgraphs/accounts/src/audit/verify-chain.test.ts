import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AuditDetails,
  type AuditEntry,
  type AuditRecord,
  type ChainHead,
  canonical,
  chainOf,
  type Digest,
  entryAfter,
  GENESIS,
  peopleOf,
} from './audit-entry.ts';
import { verifyChain } from './verify-chain.ts';

const digest: Digest = (text) => createHash('sha256').update(text).digest('hex');
const chain = 'shp_1';

const told = (
  n: number,
  over: Partial<AuditRecord & AuditDetails> = {},
): AuditRecord & AuditDetails => ({
  factId: `evt_${n}`,
  at: new Date(n * 1_000),
  action: 'catalog.product-edited',
  subject: { type: 'Product', id: `prd_${n}` },
  shopId: chain,
  userId: null,
  actor: {
    kind: 'PERSON',
    userId: `usr_${n}`,
    appId: null,
    impersonatorId: null,
    sessionId: null,
    job: null,
  },
  requestId: null,
  before: { price: `${n}` },
  after: { price: `${n + 1}` },
  origin: { address: '203.0.113.7', userAgent: null },
  ...over,
});

function chainedUp(count: number): { entries: AuditEntry[]; head: ChainHead } {
  const entries: AuditEntry[] = [];
  let head: ChainHead = { chain, number: 0, hash: GENESIS };
  for (let n = 1; n <= count; n += 1) {
    const entry = entryAfter(head, told(n), { digest, salt: `salt${n}` });
    entries.push(entry);
    head = { chain, number: entry.number, hash: entry.hash };
  }
  return { entries, head };
}

async function faultsOf(
  entries: readonly AuditEntry[],
  head: ChainHead,
  {
    anchors = [],
    erased = [],
  }: { anchors?: readonly ChainHead[]; erased?: readonly string[] } = {},
) {
  const { faults } = await verifyChain(
    {
      head,
      anchors,
      entries: (async function* () {
        yield* entries;
      })(),
      isErased: async (userId) => erased.includes(userId),
    },
    digest,
  );
  return faults.map(({ kind, number }) => `${kind} ${number}`);
}

const at = (entries: readonly AuditEntry[], number: number): AuditEntry => {
  const found = entries[number - 1];
  if (!found) throw new Error(`no entry ${number}`);
  return found;
};

describe('a chain', () => {
  test('that nobody touched has no fault, however long', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(12), async (count) => {
        const { entries, head } = chainedUp(count);
        expect(await faultsOf(entries, head, { anchors: [head] })).toEqual([]);
      }),
    );
  });

  test('names an entry that was removed', async () => {
    const { entries, head } = chainedUp(5);

    expect(await faultsOf(entries.toSpliced(2, 1), head)).toEqual(['MISSING 3']);
    expect(await faultsOf(entries.slice(1), head)).toEqual(['MISSING 1']);
  });

  test('names the first of those that were renumbered over a removed one', async () => {
    const { entries, head } = chainedUp(5);
    const closed = entries.toSpliced(2, 1).map((entry, index) => ({ ...entry, number: index + 1 }));

    expect(await faultsOf(closed, head)).toEqual(['MOVED 3', 'TRUNCATED 5']);
  });

  test('names entries that changed places', async () => {
    const { entries, head } = chainedUp(5);
    const swapped = entries
      .with(1, { ...at(entries, 3), number: 2 })
      .with(2, { ...at(entries, 2), number: 3 });

    expect(await faultsOf(swapped, head)).toEqual(['MOVED 2', 'MOVED 3', 'MOVED 4']);
  });

  test('names an entry any part of which was changed', async () => {
    const { entries, head } = chainedUp(3);
    const second = at(entries, 2);
    const changes: Partial<AuditEntry>[] = [
      { action: 'catalog.product-deleted' },
      { at: new Date(7) },
      { actor: { ...second.actor, userId: 'usr_9' } },
      { after: { price: '0' } },
      { subject: { type: 'Product', id: 'prd_9' } },
      { shopId: 'shp_2' },
      { detailsHash: digest('other') },
      { details: { salt: 'salt2', origin: { address: '198.51.100.1', userAgent: null } } },
    ];

    for (const change of changes) {
      const forged = entries.with(1, { ...second, ...change });
      expect(await faultsOf(forged, head), JSON.stringify(change)).toContain('CHANGED 2');
    }
  });

  test('names the entry after one that was changed with its hash', async () => {
    const { entries, head } = chainedUp(4);
    const before = at(entries, 1);
    const forged = entryAfter(
      { chain, number: 1, hash: before.hash },
      told(2, { action: 'catalog.product-deleted' }),
      { digest, salt: 's' },
    );

    expect(await faultsOf(entries.with(1, forged), head)).toEqual(['MOVED 3']);
  });

  test('that was cut off with its head is found by an anchor', async () => {
    const { entries, head } = chainedUp(5);
    const cut = entries.slice(0, 3);
    const third = at(entries, 3);
    const earlier = { chain, number: 3, hash: third.hash };

    expect(await faultsOf(cut, head)).toEqual(['TRUNCATED 4']);
    expect(await faultsOf(cut, earlier)).toEqual([]);
    expect(await faultsOf(cut, earlier, { anchors: [head] })).toEqual(['TRUNCATED 4']);
  });

  test('that was written anew from some place on is found by an anchor', async () => {
    const { head } = chainedUp(3);
    const other = chainedUp(0);
    const anew = Array.from({ length: 3 }).reduce<{ entries: AuditEntry[]; head: ChainHead }>(
      (so) => {
        const entry = entryAfter(so.head, told(7), { digest, salt: 's' });
        return {
          entries: [...so.entries, entry],
          head: { chain, number: entry.number, hash: entry.hash },
        };
      },
      other,
    );

    expect(await faultsOf(anew.entries, anew.head, { anchors: [head] })).toEqual(['CHANGED 3']);
  });

  test('bears details that were erased with somebody it names, and no others', async () => {
    const { entries, head } = chainedUp(3);
    const bare = entries.with(1, { ...at(entries, 2), details: null });

    expect(await faultsOf(bare, head, { erased: ['usr_2'] })).toEqual([]);
    expect(await faultsOf(bare, head, { erased: ['usr_3'] })).toEqual(['DETAILS_MISSING 2']);
  });
});

test('an entry belongs to the chain of its shop, or of the platform', () => {
  expect(chainOf({ shopId: 'shp_1' })).toBe('shp_1');
  expect(chainOf({ shopId: null })).toBe('platform');
});

test('people are those who acted or are concerned, each once; apps, guests and jobs are none', () => {
  const { actor } = told(1);

  expect(peopleOf({ userId: 'usr_1', actor: { ...actor, impersonatorId: 'usr_op' } })).toEqual([
    'usr_1',
    'usr_op',
  ]);
  expect(peopleOf({ userId: null, actor: { ...actor, userId: 'app_1' } })).toEqual([]);
});

test('what is equal is written equally, whatever the order of its keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
      const turned = Object.fromEntries(Object.entries(record).toReversed());
      expect(canonical(turned)).toBe(canonical(record));
      expect(canonical(JSON.parse(JSON.stringify(record)))).toBe(canonical(record));
    }),
  );
});
