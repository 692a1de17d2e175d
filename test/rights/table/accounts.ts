import { anybody, anyPerson, type Row, staff } from '../row.ts';

const wrongToken = { refreshToken: 'x' };

export const accounts: Readonly<Record<string, Row>> = {
  'Mutation.signUp': anybody({
    // Refused for its password, so that nobody signs up here.
    input: () => ({ email: 'somebody@example.com', password: 'short', displayName: 'Somebody' }),
  }),
  'Mutation.signIn': anybody({ input: () => ({ email: 'nobody@example.com', password: 'wrong' }) }),
  'Mutation.refreshSession': anybody({ input: () => wrongToken }),
  'Mutation.signOut': anyPerson({ input: () => ({ everywhere: false }) }),
  'Mutation.changeProfile': anyPerson({
    scope: 'profile:write',
    input: () => ({ expectedVersion: 0, displayName: 'Somebody else' }),
  }),
  'Mutation.addShopStaff': staff(['owner'], {
    scope: 'staff:manage',
    elsewhere: 'FORBIDDEN',
    names: 'shopId',
    input: ({ ids }) => ({ shopId: ids.shop, handle: ids.handle, role: 'AGENT' }),
  }),
  'Mutation.removeShopStaff': staff(['owner'], {
    scope: 'staff:manage',
    elsewhere: 'FORBIDDEN',
    names: 'shopId',
    // The owner stays, so nobody is removed.
    input: ({ ids, claims }) => ({ shopId: ids.shop, profileId: claims.owner.userId }),
  }),
};
