import { inPerson, inPersonOnly, only, type Row, seenBy } from '../row.ts';
import { everyPerson } from './fields.ts';

/** What people registered and granted, and who may look into it. */
export const grants: Readonly<Record<string, Row>> = {
  'Viewer.apps': seenBy(everyPerson, { scope: 'profile:read' }),
  'Viewer.grantedApps': seenBy(everyPerson, { scope: 'profile:read' }),
  'Shop.grantedApps': seenBy(['owner'], {
    scope: 'staff:read',
    input: ({ ids }) => ({ id: ids.shop }),
  }),
  'App.registration': seenBy(['buyer'], {
    scope: 'app:read',
    input: ({ ids }) => ({ id: ids.app }),
    // It is the app that asks.
    but: { 'app for itself': 'ALLOWED' },
  }),
  'Mutation.deleteApp': inPerson({
    // Of nobody's, so that nothing goes away here.
    input: () => ({ appId: 'tpa_01JNYZ8V4D00000000000N0B0D' }),
  }),
  'Mutation.revokeApp': inPerson({
    input: () => ({ appId: 'tpa_01JNYZ8V4D00000000000N0B0D' }),
  }),
  'Mutation.grantOwnApp': inPersonOnly('buyer', {
    names: 'appId',
    input: ({ ids }) => ({ appId: ids.app, scopes: ['orders:read'], shopIds: [] }),
  }),
  'Mutation.revokeShopApp': only(['owner'], {
    otherwise: 'FORBIDDEN',
    names: 'shopId',
    input: ({ ids }) => ({ shopId: ids.shop, appId: ids.app }),
    but: {
      'app without the scope': 'FORBIDDEN',
      'app with the scope': 'FORBIDDEN',
      impersonated: 'FORBIDDEN',
    },
  }),
};
