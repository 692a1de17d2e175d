import type { Outcome } from '@vitrine/kernel/outcome';
import { connectionOf, readPage } from '@vitrine/platform/pages';
import { notFound } from '@vitrine/platform/user-errors';
import { forbidden, requireSecondFactor } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import type { StaffRefusedErrorMapper } from '../mappers.ts';
import { requireReach, roleIn } from './membership.rights.ts';
import type { Membership, StaffRefusal } from './membership.ts';

const messages: Record<StaffRefusal, string> = {
  ALREADY_STAFF: 'They work for the shop already; change their role instead.',
  OWNER_STAYS: 'The owner of a shop stays until the shop is handed over.',
  ALREADY_OWNER: 'They own the shop already.',
};

const refusedBy = (refusal: StaffRefusal, field: string): StaffRefusedErrorMapper => ({
  __typename: 'StaffRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal],
  path: ['input', field],
  retryable: false,
});

const done = (membership: Membership) => ({ membership, userErrors: [] });
const refused = <Refusal>(userError: Refusal) => ({ membership: null, userErrors: [userError] });

function answer(outcome: Outcome<Membership, StaffRefusal | 'NOT_OWNER' | 'NOT_FOUND'>) {
  if (outcome.ok) return done(outcome.value);
  if (outcome.refusal === 'NOT_OWNER') throw forbidden();
  return refused(
    outcome.refusal === 'NOT_FOUND'
      ? notFound('The membership', ['profileId'])
      : refusedBy(outcome.refusal, 'profileId'),
  );
}

export const membershipResolvers: Resolvers = {
  Shop: {
    __resolveReference: ({ id }) => ({ id }),
    async staff({ id: shopId }, args, { viewer, memberships }) {
      if (!(await roleIn(memberships, viewer, shopId))) return null;
      const page = readPage(args);
      const rows = await memberships.listStaff(shopId, page);
      return connectionOf(page, rows, ({ joinedAt, userId }) => [joinedAt.getTime(), userId]);
    },
  },
  ShopMembership: {
    shop: ({ shopId }) => ({ id: shopId }),
    profile: ({ userId }, _args, { loaders }) => loaders.personById.load(userId),
  },
  Mutation: {
    async addShopStaff(_root, { input }, { viewer, addShopStaff }) {
      const { userId: actorUserId } = requireReach(viewer, input.shopId);
      const outcome = await addShopStaff({ actorUserId, ...input });
      if (outcome.ok) return done(outcome.value);
      if (outcome.refusal === 'NOT_OWNER') throw forbidden();
      return refused(
        outcome.refusal === 'NOT_FOUND'
          ? notFound('The person', ['handle'])
          : refusedBy(outcome.refusal, 'handle'),
      );
    },
    async removeShopStaff(_root, { input }, { viewer, removeShopStaff }) {
      const { userId: actorUserId } = requireReach(viewer, input.shopId);
      const { shopId, profileId } = input;
      return answer(await removeShopStaff({ actorUserId, shopId, userId: profileId }));
    },
    async changeShopStaffRole(_root, { input }, { viewer, changeShopStaffRole }) {
      const { userId: actorUserId } = requireReach(viewer, input.shopId);
      const { shopId, profileId, role } = input;
      return answer(await changeShopStaffRole({ actorUserId, shopId, userId: profileId, role }));
    },
    async transferShopOwnership(_root, { input }, { viewer, transferShopOwnership }) {
      const { userId: actorUserId } = requireSecondFactor(viewer);
      const { shopId, profileId } = input;
      return answer(await transferShopOwnership({ actorUserId, shopId, userId: profileId }));
    },
  },
};
