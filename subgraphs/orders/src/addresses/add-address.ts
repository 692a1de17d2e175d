import type { NewId } from '@vitrine/kernel/id';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import {
  type Address,
  type Addresses,
  type AddressProblem,
  type NewAddress,
  problemsOf,
} from './address.ts';

export type AddAddressRefusal = 'ADDRESS_BOOK_FULL' | readonly AddressProblem[];

export type AddAddress = (
  buyerId: string,
  address: NewAddress,
) => Promise<Outcome<Address, AddAddressRefusal>>;

export const addAddress =
  (addresses: Addresses, newId: NewId, isMarket: (code: string) => boolean): AddAddress =>
  async (buyerId, input) => {
    const problems = problemsOf(input, isMarket);
    if (problems.length > 0) return refuse(problems);
    const address = { id: newId('adr'), ...input };
    return (await addresses.add(buyerId, address)) ? accept(address) : refuse('ADDRESS_BOOK_FULL');
  };
