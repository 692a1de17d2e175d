import type { Row } from '../row.ts';
import { accountability } from './accountability.ts';
import { accounts } from './accounts.ts';
import { buying } from './buying.ts';
import { fields } from './fields.ts';
import { grants } from './grants.ts';
import { apps, people, staff } from './people.ts';
import { selling } from './selling.ts';
import { invitations, shopping } from './shopping.ts';
import { watching } from './watching.ts';
import { webhooks } from './webhooks.ts';

/** Who may do what, by the coordinate of each mutation, subscription and guarded field. */
export const table: Readonly<Record<string, Row>> = {
  ...accounts,
  ...accountability,
  ...buying,
  ...selling,
  ...watching,
  ...fields,
  ...people,
  ...staff,
  ...apps,
  ...grants,
  ...shopping,
  ...invitations,
  ...webhooks,
};
