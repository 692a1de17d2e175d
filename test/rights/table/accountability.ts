import { inPerson, operator, type Row, seenBy } from '../row.ts';

const everyPerson = [
  'buyer',
  'another buyer',
  'owner of another shop',
  'owner',
  'manager',
  'agent',
  'another creator',
  'creator',
  'operator',
  'operator without the duty',
  'operator without a second factor',
] as const;

/** Of the person alone: an app is shown nothing, whatever it was granted. */
const own = (options: Parameters<typeof seenBy>[1] = {}): Row =>
  seenBy(everyPerson, {
    scope: 'profile:read',
    ...options,
    but: { 'app with the scope': 'NULL', ...options.but },
  });

export const accountability: Readonly<Record<string, Row>> = {
  'Query.auditLog': operator({
    input: () => ({ first: 1 }),
    // Whatever an operator is entrusted with, they may see what all of them did.
    but: { 'operator without the duty': 'ALLOWED' },
  }),
  'Shop.auditLog': seenBy(['owner', 'manager'], {
    scope: 'audit:read',
    input: ({ ids }) => ({ id: ids.shop }),
  }),
  'Viewer.auditLog': own(),
  'Viewer.dataExports': own({ but: { impersonated: 'NULL' } }),
  'Mutation.requestDataExport': inPerson({}),
  'Mutation.eraseAccount': inPerson({ input: () => ({ password: 'wrong' }) }),
};
