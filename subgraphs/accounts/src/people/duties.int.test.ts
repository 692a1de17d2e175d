import { outboxModel } from '@vitrine/platform/outbox/outbox.model';
import { readRightsChange, rightsStream } from '@vitrine/platform/rights';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { expect } from 'vitest';
import { accounts } from '../index.ts';
import { ANN, EMAIL, seedAnn, signedIn } from '../verification/people.fixture.ts';
import { entrust } from './duties.store.ts';

const test = subgraphTest(accounts);

test('duties make somebody an operator, at once and in every token from then on', async ({
  subgraph,
}) => {
  const { services } = subgraph;
  await seedAnn(subgraph);

  expect(await entrust(services, ' Ann@example.com', ['REVIEWS'])).toMatchObject({
    id: ANN,
    roles: ['BUYER', 'OPERATOR'],
    duties: ['REVIEWS'],
  });

  expect((await signedIn(subgraph)).viewer).toMatchObject({
    roles: ['BUYER', 'OPERATOR'],
    duties: ['REVIEWS'],
  });
  const told = await services.redis.xrange(rightsStream(services.env.NAMESPACE), '-', '+');
  expect(told.map(([, fields]) => readRightsChange(fields))).toMatchObject([
    { kind: 'CHANGED', userId: ANN, roles: ['BUYER', 'OPERATOR'], duties: ['REVIEWS'] },
  ]);
  const entry = await outboxModel(services.db)
    .outbox.findOne({ 'payload.action': 'accounts.duties-entrusted' })
    .lean();
  expect(entry?.payload).toMatchObject({
    userId: ANN,
    before: { duties: [] },
    after: { duties: ['REVIEWS'] },
  });
});

test('without any duty nobody is an operator', async ({ subgraph }) => {
  await seedAnn(subgraph, { roles: ['BUYER', 'CREATOR', 'OPERATOR'], duties: ['FINANCE'] });
  expect(await entrust(subgraph.services, EMAIL, [])).toMatchObject({
    roles: ['BUYER', 'CREATOR'],
    duties: [],
  });
});

test('an address without an account is entrusted with nothing', async ({ subgraph }) => {
  expect(await entrust(subgraph.services, 'nobody@example.com', ['REVIEWS'])).toBeNull();
});
