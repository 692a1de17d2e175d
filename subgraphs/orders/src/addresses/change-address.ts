import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import {
  type Addresses,
  type AddressProblem,
  type KeptAddress,
  type NewAddress,
  problemsOf,
} from './address.ts';

export interface AddressChanges {
  change(
    buyerId: string,
    change: {
      readonly addressId: string;
      readonly expectedVersion: number;
      readonly address: NewAddress;
    },
  ): Promise<
    Outcome<
      KeptAddress,
      | readonly AddressProblem[]
      | 'NOT_FOUND'
      /** Somebody was faster: how it stands now. */
      | { readonly current: KeptAddress }
    >
  >;
  remove(buyerId: string, addressId: string): Promise<Outcome<string, 'NOT_FOUND'>>;
  setDefault(buyerId: string, addressId: string): Promise<Outcome<KeptAddress, 'NOT_FOUND'>>;
}

/** Another buyer's address is as if it did not exist. */
export function addressChanges(
  addresses: Addresses,
  isMarket: (code: string) => boolean,
): AddressChanges {
  const own = async (buyerId: string, addressId: string): Promise<KeptAddress | null> =>
    (await addresses.of(buyerId)).find(({ id }) => id === addressId) ?? null;

  return {
    async change(buyerId, { addressId, expectedVersion, address }) {
      const known = await own(buyerId, addressId);
      if (!known) return refuse('NOT_FOUND');
      const problems = problemsOf(address, isMarket);
      if (problems.length > 0) return refuse(problems);
      const isChanged = await addresses.change(
        buyerId,
        { id: addressId, ...address },
        expectedVersion,
      );
      const current = await own(buyerId, addressId);
      if (!current) return refuse('NOT_FOUND');
      // What was stored, also where somebody has changed it again by now.
      return isChanged
        ? accept({ ...current, ...address, version: expectedVersion + 1 })
        : refuse({ current });
    },
    async remove(buyerId, addressId) {
      return (await addresses.remove(buyerId, addressId)) ? accept(addressId) : refuse('NOT_FOUND');
    },
    async setDefault(buyerId, addressId) {
      const isSet = await addresses.setDefault(buyerId, addressId);
      const current = isSet ? await own(buyerId, addressId) : null;
      return current ? accept(current) : refuse('NOT_FOUND');
    },
  };
}
