import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import { requireUnassisted } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import type { AddressVersionConflictErrorMapper } from '../mappers.ts';
import { type AddressProblem, type KeptAddress, MAX_ADDRESSES, tidied } from './address.ts';

const messages: Record<AddressProblem['code'], string> = {
  REQUIRED: 'Fill this in.',
  TOO_LONG: 'This is too long.',
  MALFORMED: 'This is not written as it should be.',
  CONTROL_CHARACTERS: 'This must be one line of visible characters.',
  UNKNOWN_MARKET: 'We do not deliver there.',
};

const problem = ({ code, field }: AddressProblem) =>
  invalidInput({ code, message: messages[code], path: [field] });

const unknown = notFound('The address', ['addressId']);

const conflict = (current: KeptAddress): AddressVersionConflictErrorMapper => ({
  __typename: 'AddressVersionConflictError',
  code: 'VERSION_CONFLICT',
  message: 'The address has changed since you saw it; look again.',
  path: ['input', 'expectedVersion'],
  retryable: false,
  current,
});

export const addressResolvers: Resolvers = {
  Mutation: {
    addAddress: async (_root, { input }, { viewer, addAddress }) => {
      const { userId } = requireUnassisted(viewer);
      const { recipient, phone, line1, line2, city, region, postalCode, market } = input;
      const outcome = await addAddress(
        userId,
        tidied({ recipient, phone, line1, line2, city, region, postalCode, market }),
      );
      if (outcome.ok) return { address: outcome.value, userErrors: [] };
      if (outcome.refusal === 'ADDRESS_BOOK_FULL') {
        return {
          address: null,
          userErrors: [
            {
              __typename: 'AddressBookFullError',
              code: 'ADDRESS_BOOK_FULL',
              message: `At most ${MAX_ADDRESSES} addresses are kept.`,
              path: null,
              retryable: false,
              limit: MAX_ADDRESSES,
            },
          ],
        };
      }
      return { address: null, userErrors: outcome.refusal.map(problem) };
    },

    changeAddress: async (_root, { input }, { viewer, addressChanges }) => {
      const { userId } = requireUnassisted(viewer);
      const { addressId, expectedVersion, ...written } = input;
      const { recipient, phone, line1, line2, city, region, postalCode, market } = written;
      const outcome = await addressChanges.change(userId, {
        addressId,
        expectedVersion,
        address: tidied({ recipient, phone, line1, line2, city, region, postalCode, market }),
      });
      if (outcome.ok) return { address: outcome.value, userErrors: [] };
      const { refusal } = outcome;
      if (refusal === 'NOT_FOUND') return { address: null, userErrors: [unknown] };
      return {
        address: null,
        userErrors: 'current' in refusal ? [conflict(refusal.current)] : refusal.map(problem),
      };
    },

    removeAddress: async (_root, { input }, { viewer, addressChanges }) => {
      const { userId } = requireUnassisted(viewer);
      const outcome = await addressChanges.remove(userId, input.addressId);
      return outcome.ok
        ? { removedAddressId: outcome.value, userErrors: [] }
        : { removedAddressId: null, userErrors: [unknown] };
    },

    setDefaultAddress: async (_root, { input }, { viewer, addressChanges }) => {
      const { userId } = requireUnassisted(viewer);
      const outcome = await addressChanges.setDefault(userId, input.addressId);
      return outcome.ok
        ? { address: outcome.value, userErrors: [] }
        : { address: null, userErrors: [unknown] };
    },
  },

  ShippingAddress: {
    version: (address) => ('version' in address ? address.version : null),
    isDefault: (address) => 'isDefault' in address && address.isDefault,
  },

  Viewer: {
    addresses: ({ id }, _args, { viewer, addresses }) =>
      viewer?.userId === id ? addresses.of(id) : null,
  },
};
