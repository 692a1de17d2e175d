import { expect, test } from 'vitest';
import { exampleTabs } from './graphiql.ts';

test('GraphiQL opens with the main job, and its first operation runs as it is', () => {
  const tabs = exampleTabs();

  expect(tabs.length).toBeGreaterThan(3);
  expect(tabs[0]?.query).not.toContain('$');
});

test('variables are shown as people write them', () => {
  const { variables } = exampleTabs().find(({ query }) => query.includes('RoomPage')) ?? {};

  expect(variables).toBe('{\n  "roomId": "liv_…",\n  "market": "GB"\n}');
});
