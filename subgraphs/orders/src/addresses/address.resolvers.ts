import { invalidInput } from '@vitrine/platform/user-errors';
import { requireViewer } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import { type AddressProblem, MAX_ADDRESSES, tidied } from './address.ts';

const messages: Record<AddressProblem['code'], string> = {
  REQUIRED: 'Fill this in.',
  TOO_LONG: 'This is too long.',
  MALFORMED: 'This is not written as it should be.',
  CONTROL_CHARACTERS: 'This must be one line of visible characters.',
  UNKNOWN_MARKET: 'We do not deliver there.',
};

export const addressResolvers: Resolvers = {
  Mutation: {
    addAddress: async (_root, { input }, { viewer, addAddress }) => {
      const { userId } = requireViewer(viewer);
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
      return {
        address: null,
        userErrors: outcome.refusal.map(({ code, field }) =>
          invalidInput({ code, message: messages[code], path: [field] }),
        ),
      };
    },
  },

  Viewer: {
    addresses: ({ id }, _args, { viewer, addresses }) =>
      viewer?.userId === id ? addresses.of(id) : null,
  },
};
