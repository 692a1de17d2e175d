import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { expect } from 'vitest';
import { accounts } from '../index.ts';
import { seedAccounts } from '../seed.ts';

const test = subgraphTest(accounts);
const ann = aViewer({ userId: 'usr_01JNYZ8V4D0000000000000ANN' });

const seed = (subgraph: TestSubgraph) =>
  seedAccounts(
    subgraph.services,
    [
      {
        userId: ann.userId,
        email: 'ann@example.com',
        displayName: 'Ann',
        handle: 'ann',
        roles: ['BUYER'],
        market: 'GB',
      },
    ],
    { password: 'correct horse' },
  );

const change = async (subgraph: TestSubgraph, input: object) => {
  const { data } = await subgraph.execute(
    `mutation ($input: ChangePreferencesInput!) { changePreferences(input: $input) {
      preferences { market languages version }
      userErrors { ... on UserError { code path }
        ... on PreferencesVersionConflictError { current { version market } } } } }`,
    { input },
    ann,
  );
  return data?.['changePreferences'];
};
const read = async (subgraph: TestSubgraph) =>
  (
    await subgraph.execute(
      '{ viewer { market language preferences { market languages version } profile { version } } }',
      {},
      ann,
    )
  ).data?.['viewer'];

test('preferences are changed one by one, and leave the public side alone', async ({
  subgraph,
}) => {
  await seed(subgraph);
  expect((await read(subgraph)).preferences).toEqual({ market: 'GB', languages: [], version: 1 });

  const first = await change(subgraph, { expectedVersion: 1, languages: ['pt-br', 'en'] });
  const second = await change(subgraph, { expectedVersion: 2, market: 'BR' });

  expect(first.preferences).toEqual({ market: 'GB', languages: ['pt-BR', 'en'], version: 2 });
  expect(second.preferences).toEqual({ market: 'BR', languages: ['pt-BR', 'en'], version: 3 });
  expect(await read(subgraph)).toEqual({
    market: 'BR',
    language: 'pt-BR',
    preferences: second.preferences,
    profile: { version: 1 },
  });

  await change(subgraph, { expectedVersion: 3, market: null, languages: [] });
  expect(await read(subgraph)).toMatchObject({ market: null, language: null });
});

test('preferences that others have changed are shown, not overwritten', async ({ subgraph }) => {
  await seed(subgraph);
  const all = await Promise.all(
    ['DE', 'FR', 'IT', 'ES'].map((market) => change(subgraph, { expectedVersion: 1, market })),
  );
  const won = all.filter(({ preferences }) => preferences !== null);
  expect(won).toHaveLength(1);
  for (const { preferences, userErrors } of all) {
    if (preferences) continue;
    expect(userErrors).toEqual([
      {
        code: 'VERSION_CONFLICT',
        path: ['input', 'expectedVersion'],
        current: { version: 2, market: won[0]?.preferences.market },
      },
    ]);
  }
});

test('preferences that make no sense are refused, and a guest has none', async ({ subgraph }) => {
  await seed(subgraph);
  const { preferences, userErrors } = await change(subgraph, {
    expectedVersion: 1,
    market: 'XX',
    languages: ['pt-br', 'pt-BR'],
  });
  expect(preferences).toBeNull();
  expect(userErrors).toMatchObject([
    { code: 'UNKNOWN_MARKET', path: ['input', 'market'] },
    { code: 'LANGUAGE_REPEATED', path: ['input', 'languages', '1'] },
  ]);
  const { errors } = await subgraph.execute(
    'mutation { changePreferences(input: { expectedVersion: 1 }) { preferences { version } } }',
  );
  expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
});
