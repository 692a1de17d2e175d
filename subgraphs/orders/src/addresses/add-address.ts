import type { NewId } from '@vitrine/kernel/id';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import {
  type Addresses,
  type AddressProblem,
  type KeptAddress,
  type NewAddress,
  problemsOf,
} from './address.ts';

export type AddAddressRefusal = 'ADDRESS_BOOK_FULL' | readonly AddressProblem[];

export type AddAddress = (
  buyerId: string,
  address: NewAddress,
) => Promise<Outcome<KeptAddress, AddAddressRefusal>>;

export const addAddress =
  (addresses: Addresses, newId: NewId, isMarket: (code: string) => boolean): AddAddress =>
  async (buyerId, input) => {
    const problems = problemsOf(input, isMarket);
    if (problems.length > 0) return refuse(problems);
    const address = { id: newId('adr'), ...input };
    if (!(await addresses.add(buyerId, address))) return refuse('ADDRESS_BOOK_FULL');
    const kept = (await addresses.of(buyerId)).find(({ id }) => id === address.id);
    // Another device may have removed it in between.
    return accept(kept ?? { ...address, version: 1, isDefault: false });
  };
