import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { People } from '../people/person.ts';
import { normalisedHandle } from '../people/person-input.ts';
import type { Membership, StaffBook, StaffRefusal, StaffRole, WithStaff } from './membership.ts';

/** Who asks. The stored role counts, not the token's, which may be minutes old. */
interface Asked {
  readonly actorUserId: string;
  readonly shopId: string;
}

type Changed = Outcome<Membership, StaffRefusal | 'NOT_OWNER' | 'NOT_FOUND'>;

/**
 * What only the owner may do. Their role is held until the change is done: an owner who is removed
 * or hands the shop over at that moment has done all of it or nothing.
 */
const asOwner = (
  withStaff: WithStaff,
  { shopId, actorUserId }: Asked,
  change: (book: StaffBook) => Promise<Changed>,
): Promise<Changed> =>
  withStaff(async (book) =>
    (await book.holds(shopId, actorUserId, 'OWNER')) ? change(book) : refuse('NOT_OWNER'),
  );

export const addShopStaff =
  (withStaff: WithStaff, people: Pick<People, 'findByHandle'>, clock: Clock) =>
  async (
    command: Asked & { readonly handle: string; readonly role: StaffRole },
  ): Promise<Changed> => {
    const { shopId, role } = command;
    const person = await people.findByHandle(normalisedHandle(command.handle));
    const joinedAt = clock();
    return asOwner(withStaff, command, async (book) => {
      if (!person) return refuse('NOT_FOUND');
      if (await book.find(shopId, person.id)) return refuse('ALREADY_STAFF');
      const membership = { shopId, userId: person.id, role, joinedAt };
      await book.add(membership);
      return accept(membership);
    });
  };

export const removeShopStaff =
  (withStaff: WithStaff) =>
  (command: Asked & { readonly userId: string }): Promise<Changed> =>
    asOwner(withStaff, command, async (book) => {
      const membership = await book.find(command.shopId, command.userId);
      if (!membership) return refuse('NOT_FOUND');
      if (membership.role === 'OWNER') return refuse('OWNER_STAYS');
      await book.remove(membership);
      return accept(membership);
    });

export const changeShopStaffRole =
  (withStaff: WithStaff) =>
  (command: Asked & { readonly userId: string; readonly role: StaffRole }): Promise<Changed> =>
    asOwner(withStaff, command, async (book) => {
      const membership = await book.find(command.shopId, command.userId);
      if (!membership) return refuse('NOT_FOUND');
      if (membership.role === 'OWNER') return refuse('OWNER_STAYS');
      // The same role again is what was asked for, and nothing that anybody must be told of.
      if (membership.role === command.role) return accept(membership);
      await book.setRole(membership, command.role);
      return accept({ ...membership, role: command.role });
    });

/** Makes an owner of somebody who works there; who was it goes on as a manager. */
export const transferShopOwnership =
  (withStaff: WithStaff) =>
  (command: Asked & { readonly userId: string }): Promise<Changed> =>
    asOwner(withStaff, command, async (book) => {
      const { shopId, userId, actorUserId } = command;
      if (userId === actorUserId) return refuse('ALREADY_OWNER');
      const [owner, heir] = [await book.find(shopId, actorUserId), await book.find(shopId, userId)];
      if (!owner || !heir) return refuse('NOT_FOUND');
      // In this order, since the database allows one owner at any moment.
      await book.setRole(owner, 'MANAGER');
      await book.setRole(heir, 'OWNER');
      return accept({ ...heir, role: 'OWNER' });
    });
