import { profileChanged } from '@vitrine/events/accounts';
import { idMaker } from '@vitrine/kernel/id';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { expect } from 'vitest';
import { accounts } from './index.ts';
import { personModel } from './people/person.model.ts';
import { seedAccounts } from './seed.ts';

const test = subgraphTest(accounts);

const newId = idMaker();
const people = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    userId: newId('usr'),
    email: `Buyer${from + index}@example.com`,
    displayName: `Buyer ${from + index}`,
    handle: `buyer${from + index}`,
    roles: ['BUYER'] as const,
  }));

test('a demo of more people than one batch is there, told about, and can sign in', async ({
  subgraph,
}) => {
  await seedAccounts(subgraph.services, people(230), { password: 'vitrine-demo' });

  const { data } = await subgraph.execute(
    `mutation { signIn(input: { email: "buyer229@example.com", password: "vitrine-demo" }) {
      viewer { profile { handle } }
    } }`,
  );
  expect(data?.['signIn'].viewer.profile.handle).toBe('buyer229');
  expect(await subgraph.emitted(profileChanged)).toHaveLength(230);
});

test('what is seeded already is not seeded again, and nothing of its batch is', async ({
  subgraph,
}) => {
  const [ann, bob] = people(2);
  if (!ann || !bob) throw new Error('two were made');
  await seedAccounts(subgraph.services, [bob], { password: 'vitrine-demo' });

  await expect(
    seedAccounts(subgraph.services, [ann, bob], { password: 'vitrine-demo' }),
  ).rejects.toThrow(/duplicate key/i);

  expect(await personModel(subgraph.services.db).distinct('_id')).toEqual([bob.userId]);
  expect(await subgraph.emitted(profileChanged)).toHaveLength(1);
});
