import { parseUsageFile } from '@vitrine/gateway/usage/report/usage-file';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { breakingChanges } from './breaking-changes.ts';
import {
  distrust,
  type Evidence,
  isRefused,
  judgeChanges,
  judgementLines,
} from './judge-changes.ts';

const SDL = `
  type Query { shop(id: ID!, key: ID): Shop  find(where: Where): Result }
  type Shop { id: ID! slug: String nick: String @deprecated(reason: "Use \`slug\` instead. Removal after 2026-12-01.") }
  type Video { id: ID! }
  union Result = Shop | Video
  input Where { name: String city: String }
  enum Mood { GOOD BAD }
  type Mutation { feel(mood: Mood): Mood }
`;
const before = buildSchema(SDL);
const use = (client: string, count = 5, lastSeen = '2026-11-20') => ({
  client,
  version: '1.0',
  count,
  lastSeen,
});
const usage = parseUsageFile(
  JSON.stringify({
    format: 1,
    since: '2026-10-22',
    until: '2026-11-21',
    usage: {
      'Query.shop': [use('web', 900), use('app', 12, '2026-11-21')],
      'Shop.id': [use('web', 900), use('app', 12)],
      'Shop.slug': [use('app', 12, '2026-11-21')],
      'Shop.nick': [],
      Video: [use('tv')],
      'Where.name': [use('web', 3)],
      'Mood.GOOD': [use('web', 1)],
    },
  }),
);

async function judge(change: (sdl: string) => string, evidence: Partial<Evidence> = {}) {
  const changes = await breakingChanges(before, buildSchema(change(SDL)));
  return judgeChanges(changes, { before, addedLines: '', usage, today: '2026-11-22', ...evidence });
}
const without =
  (part: string, instead = '') =>
  (sdl: string) => {
    expect(sdl).toContain(part);
    return sdl.replace(part, instead);
  };

test('removing what nobody uses passes', async () => {
  const judged = await judge(without('key: ID'));

  expect(judged.map(({ change, verdict }) => [change.coordinate, verdict.kind])).toEqual([
    ['Query.shop(key:)', 'unused'],
  ]);
  expect(judged.some(isRefused)).toBe(false);
});

test('removing what somebody uses names who, how often and when last, and is refused', async () => {
  const judged = await judge(without('slug: String '));

  expect(judged.every(isRefused)).toBe(true);
  expect(judged.flatMap(judgementLines)).toEqual([
    "breaking, in use and not announced: `Shop.slug`: Field 'slug' was removed from object type 'Shop'",
    '    used by app 1.0: 12 times, last on 2026-11-21',
  ]);
});

test('what is announced passes, and those who still use it are named', async () => {
  const judged = await judge(without('slug: String '), {
    addedLines: '- `Shop.slug`: use `Shop.id`',
  });

  expect(judged.some(isRefused)).toBe(false);
  expect(judged.flatMap(judgementLines).at(-1)).toContain('still used by app 1.0');
});

test('without a usage file a change that is not announced is refused, used or not', async () => {
  const judged = await judge(without('key: ID'), { usage: null });

  expect(judged.map(({ verdict }) => verdict)).toEqual([{ kind: 'unknown' }]);
  expect(judged.every(isRefused)).toBe(true);
});

test('an argument that must be given concerns all who use the field', async () => {
  const judged = await judge(without('shop(id: ID!', 'shop(id: ID!, market: ID!'));

  expect(judged.map(({ verdict }) => verdict)).toMatchObject([
    { kind: 'used', uses: [{ client: 'web', count: 900 }, { client: 'app' }] },
  ]);
});

test('a field of an input that must be given concerns all who use the input', async () => {
  const judged = await judge(without('input Where {', 'input Where { market: ID!'));

  expect(judged.map(({ verdict }) => verdict)).toMatchObject([
    { kind: 'used', uses: [{ client: 'web', count: 3 }] },
  ]);
});

test('a member that leaves a union concerns those who name it', async () => {
  const judged = await judge(without('union Result = Shop | Video', 'union Result = Shop'));

  expect(judged.map(({ verdict }) => verdict)).toMatchObject([
    { kind: 'used', uses: [{ client: 'tv' }] },
  ]);
});

test('values of enums are judged one by one', async () => {
  expect((await judge(without('GOOD '))).map(({ verdict }) => verdict.kind)).toEqual(['used']);
  expect((await judge(without(' BAD'))).map(({ verdict }) => verdict.kind)).toEqual(['unused']);
});

test('a deprecated field stays until the day it was promised, whoever uses it, announced or not', async () => {
  const removal = (sdl: string) => sdl.replace(/nick: String @deprecated\(.*?"\)/, '');
  const addedLines = '- `Shop.nick`: use `Shop.slug`';

  for (const today of ['2026-11-22', '2026-12-01']) {
    const judged = await judge(removal, { addedLines, today });
    expect(judged.map(({ verdict }) => verdict)).toEqual([
      { kind: 'early', removalAfter: '2026-12-01' },
    ]);
    expect(judged.every(isRefused)).toBe(true);
  }
  expect((await judge(removal, { today: '2026-12-02' })).some(isRefused)).toBe(false);
});

test('a usage file that is empty or old proves nothing', () => {
  expect(distrust(usage, new Date('2026-11-22'))).toBeNull();
  expect(distrust(usage, new Date('2027-01-22'))).toMatch(/ends on 2026-11-21/);
  expect(distrust({ ...usage, usage: {} }, new Date('2026-11-22'))).toMatch(/no use/);
});
