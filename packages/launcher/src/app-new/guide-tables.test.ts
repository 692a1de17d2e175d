import { readFileSync } from 'node:fs';
import { topics } from '@vitrine/events/topics/topics';
import { scopes } from '@vitrine/platform/scopes';
import { expect, test } from 'vitest';
import { withTables } from './guide-tables.ts';

const guide = readFileSync(new URL('../../../../docs/integrators.md', import.meta.url), 'utf8');

test('the guide lists every scope and topic as the code has it; npm run integrators:tables mends it', () => {
  expect(withTables(guide, { scopes, topics })).toBe(guide);
});

test('a table takes what is there in place of what was, once and for all', () => {
  const facts = {
    scopes: { 'orders:read': 'See your orders' },
    topics: [{ name: 'order.placed', scope: 'orders:read', description: 'Paid and firm.' }],
  };
  const written = withTables(
    'a\n<!-- scopes: x -->\nold\n<!-- /scopes -->\n<!-- topics: y -->\n<!-- /topics -->\nz',
    facts,
  );

  expect(written).toBe(`a
<!-- scopes: x -->

| scope | what the person is told |
| --- | --- |
| \`orders:read\` | See your orders |

<!-- /scopes -->
<!-- topics: y -->

| topic | scope | when |
| --- | --- | --- |
| \`order.placed\` | \`orders:read\` | Paid and firm. |

<!-- /topics -->
z`);
  expect(withTables(written, facts)).toBe(written);
  expect(() => withTables('', facts)).toThrow('no place for its scopes');
});
