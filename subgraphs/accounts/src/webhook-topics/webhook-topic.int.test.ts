import { scopeNames } from '@vitrine/platform/scopes';
import { subgraphTest } from '@vitrine/testkit/subgraph';
import { expect } from 'vitest';
import { accounts } from '../index.ts';

const test = subgraphTest(accounts);

test('topics are listed with schema, example and a scope that can be granted', async ({
  subgraph,
}) => {
  const { data } = await subgraph.execute(
    '{ webhookTopics { name version description scope payloadSchema example } }',
  );
  for (const topic of data?.['webhookTopics'] ?? []) {
    expect(scopeNames).toContain(topic.scope);
    expect(Object.keys(JSON.parse(topic.payloadSchema).properties).toSorted()).toEqual(
      Object.keys(JSON.parse(topic.example)).toSorted(),
    );
  }
  expect(data?.['webhookTopics'].length).toBeGreaterThan(8);
});
