import { anybody, anyPerson, inPerson, only, type Row, seenBy, staff } from '../row.ts';
import { everyPerson } from './fields.ts';

/** Not for an operator in their name. */
const onAddress = (more: object = {}): Row =>
  only(['buyer'], {
    scope: 'addresses:write',
    names: 'addressId',
    but: { impersonated: 'FORBIDDEN' },
    input: ({ ids }) => ({ addressId: ids.address, ...more }),
  });

const nowhere = { recipient: '', phone: '', line1: '', city: '', market: 'GB' };

/** What buyers and guests keep, and how they want to be shown things. */
export const shopping: Readonly<Record<string, Row>> = {
  'Query.cart': seenBy(['buyer'], { scope: 'cart:read' }),
  'Viewer.preferences': seenBy(everyPerson, { scope: 'profile:read' }),
  'Viewer.isSecondFactorEnrolled': seenBy(everyPerson, { scope: 'profile:read' }),
  'Viewer.sessions': inPerson({ input: () => ({}) }),
  // Null where nobody acts for anybody.
  'Viewer.impersonation': anyPerson({ empty: ['impersonation'] }),
  'Mutation.startGuestSession': anybody(),
  'Mutation.changePreferences': anyPerson({
    scope: 'profile:write',
    input: () => ({ expectedVersion: 9_999, market: 'GB' }),
  }),
  'Mutation.changeAddress': onAddress({ expectedVersion: 9_999, ...nowhere }),
  'Mutation.setDefaultAddress': onAddress(),
  'Mutation.removeAddress': only(['buyer'], {
    scope: 'addresses:write',
    names: 'addressId',
    but: { impersonated: 'FORBIDDEN' },
    prepare: ({ makeSpareAddress }) => makeSpareAddress(),
    input: ({ ids }) => ({ addressId: ids.spareAddress }),
  }),
};

const token = 'x'.repeat(43);

export const invitations: Readonly<Record<string, Row>> = {
  'Query.shopInvitation': inPerson({ empty: ['shopInvitation'], input: () => ({ token }) }),
  'Shop.invitations': seenBy(['owner'], {
    scope: 'staff:read',
    input: ({ ids }) => ({ id: ids.shop }),
  }),
  'Mutation.acceptShopInvitation': inPerson({ input: () => ({ token }) }),
  'Mutation.declineShopInvitation': inPerson({ input: () => ({ token }) }),
  'Mutation.revokeShopInvitation': staff(['owner'], {
    scope: 'staff:manage',
    names: 'invitationId',
    input: ({ ids }) => ({ invitationId: ids.invitation }),
  }),
  // To an owner there already is, so that nothing changes hands.
  'Mutation.transferShopOwnership': staff(['owner'], {
    elsewhere: 'SECOND_FACTOR_REQUIRED',
    names: 'shopId',
    input: ({ ids, claims }) => ({ shopId: ids.shop, profileId: claims.owner.userId }),
    but: {
      owner: 'SECOND_FACTOR_REQUIRED',
      'owner with a second factor': 'ALLOWED',
      'app without the scope': 'FORBIDDEN',
      'app with the scope': 'FORBIDDEN',
      impersonated: 'FORBIDDEN',
    },
  }),
};
