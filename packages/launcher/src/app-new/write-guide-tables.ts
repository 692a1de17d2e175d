import { readFileSync, writeFileSync } from 'node:fs';
import { topics } from '@vitrine/events/topics/topics';
import { scopes } from '@vitrine/platform/scopes';
import { withTables } from './guide-tables.ts';

/* `npm run integrators:tables`: brings the tables of docs/integrators.md up to date with the code. */
const guide = new URL('../../../../docs/integrators.md', import.meta.url);
writeFileSync(guide, withTables(readFileSync(guide, 'utf8'), { scopes, topics }));
