import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { People } from '../people/person.ts';
import { normalisedHandle } from '../people/person-input.ts';
import type { Membership, Memberships, StaffRefusal } from './membership.ts';

/** Who asks. The stored role counts, not the token's, which may be minutes old. */
interface Asked {
  readonly actorUserId: string;
  readonly shopId: string;
}

const isOwner = async (memberships: Memberships, { shopId, actorUserId }: Asked) =>
  (await memberships.find(shopId, actorUserId))?.role === 'OWNER';

export const addShopStaff =
  (memberships: Memberships, people: Pick<People, 'findByHandle'>, clock: Clock) =>
  async (
    command: Asked & { readonly handle: string; readonly role: 'MANAGER' | 'AGENT' },
  ): Promise<Outcome<Membership, StaffRefusal | 'NOT_OWNER' | 'NOT_FOUND'>> => {
    if (!(await isOwner(memberships, command))) return refuse('NOT_OWNER');
    const person = await people.findByHandle(normalisedHandle(command.handle));
    if (!person) return refuse('NOT_FOUND');
    const { shopId, role } = command;
    const membership = { shopId, userId: person.id, role, joinedAt: clock() };
    return (await memberships.add(membership)) ? accept(membership) : refuse('ALREADY_STAFF');
  };

export const removeShopStaff =
  (memberships: Memberships) =>
  async (
    command: Asked & { readonly userId: string },
  ): Promise<Outcome<Membership, StaffRefusal | 'NOT_OWNER' | 'NOT_FOUND'>> => {
    if (!(await isOwner(memberships, command))) return refuse('NOT_OWNER');
    const membership = await memberships.find(command.shopId, command.userId);
    if (!membership) return refuse('NOT_FOUND');
    if (membership.role === 'OWNER') return refuse('OWNER_STAYS');
    return (await memberships.remove(membership)) ? accept(membership) : refuse('NOT_FOUND');
  };
