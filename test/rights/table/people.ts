import { anybody, anyPerson, inPerson, inPersonOnly, only, operator, type Row } from '../row.ts';

const NOBODY = 'nobody@example.com';
/** Of nobody's, so that nothing is opened by it. */
const token = 'x'.repeat(43);

export const people: Readonly<Record<string, Row>> = {
  'Mutation.verifyEmail': anybody({ input: () => ({ token }) }),
  'Mutation.resendVerification': anybody({ input: () => ({ email: NOBODY }) }),
  'Mutation.requestPasswordReset': anybody({ input: () => ({ email: NOBODY }) }),
  'Mutation.resetPassword': anybody({ input: () => ({ token, password: 'short' }) }),
  'Mutation.changePassword': inPerson({
    input: () => ({ currentPassword: 'wrong', newPassword: 'short' }),
  }),
  'Mutation.changeEmail': inPerson({ input: () => ({ newEmail: 'none', password: 'wrong' }) }),
  'Mutation.confirmEmailChange': inPerson({ input: () => ({ token }) }),
  'Mutation.enrolSecondFactor': inPerson({ input: () => ({ password: 'wrong' }) }),
  'Mutation.confirmSecondFactor': inPerson({ input: () => ({ oneTimePassword: '000000' }) }),
  'Mutation.disableSecondFactor': inPerson({
    input: () => ({ password: 'wrong', oneTimePassword: '000000' }),
  }),
  'Mutation.endSession': inPerson({
    input: () => ({ sessionId: 'ses_01JNYZ8V4D00000000000N0B0D' }),
  }),
  'Mutation.requestPictureUpload': anyPerson({
    scope: 'profile:write',
    input: () => ({ contentType: 'text/plain', bytes: 0 }),
  }),
  'Mutation.impersonate': operator({
    names: 'userId',
    input: ({ claims }) => ({ userId: claims.buyer.userId, reason: '' }),
  }),
};

export const staff: Readonly<Record<string, Row>> = {
  'Mutation.inviteShopStaff': only(['owner'], {
    scope: 'staff:manage',
    otherwise: 'FORBIDDEN',
    names: 'shopId',
    input: ({ ids }) => ({ shopId: ids.shop, email: 'none', role: 'AGENT' }),
  }),
  'Mutation.changeShopStaffRole': only(['owner'], {
    scope: 'staff:manage',
    otherwise: 'FORBIDDEN',
    names: 'shopId',
    input: ({ ids, claims }) => ({
      shopId: ids.shop,
      profileId: claims.owner.userId,
      role: 'AGENT',
    }),
  }),
};

export const apps: Readonly<Record<string, Row>> = {
  'Mutation.registerApp': inPerson({
    input: () => ({
      name: '',
      description: '',
      kind: 'CONFIDENTIAL',
      redirectUris: [],
      homepageUrl: 'https://parcels.example',
      scopes: [],
    }),
  }),
  'Mutation.editApp': inPersonOnly('buyer', {
    names: 'appId',
    input: ({ ids }) => ({ appId: ids.app, expectedVersion: 9_999, name: 'Letters' }),
  }),
  'Mutation.rotateAppSecret': inPersonOnly('buyer', {
    names: 'appId',
    input: ({ ids }) => ({ appId: ids.app, expectedVersion: 9_999 }),
  }),
};
