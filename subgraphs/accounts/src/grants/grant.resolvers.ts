import { connectionOf, readPage } from '@vitrine/platform/pages';
import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import { forbidden, requireSelf } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import { roleIn } from '../memberships/membership.rights.ts';
import type { Grant } from './grant.ts';

const cursorOf = ({ grantedAt, id }: Grant) => [grantedAt.getTime(), id] as const;
const noApp = () => notFound('The app', ['appId']);

export const grantResolvers: Resolvers = {
  Viewer: {
    async grantedApps({ id }, args, { viewer, grants }) {
      if (viewer?.userId !== id) return null;
      const page = readPage(args);
      return connectionOf(page, await grants.listByUser(id, page), cursorOf);
    },
  },
  Shop: {
    async grantedApps({ id: shopId }, args, { viewer, memberships, grants }) {
      if ((await roleIn(memberships, viewer, shopId)) !== 'OWNER') return null;
      const page = readPage(args);
      const rows = await grants.listByShop(shopId, page);
      // Where else its people let the app act is theirs to know.
      return connectionOf(
        page,
        rows.map((grant) => ({ ...grant, shopIds: [shopId] })),
        cursorOf,
      );
    },
  },
  AppGrant: {
    app: ({ appId }, _args, { loaders }) => loaders.appById.load(appId),
    grantedBy: ({ userId }, _args, { loaders }) => loaders.personById.load(userId),
    scopes: ({ scopes }) => [...scopes],
    shops: ({ shopIds }) => shopIds.map((id) => ({ id })),
  },
  Mutation: {
    async revokeApp(_root, { input: { appId } }, { viewer, grants, loaders }) {
      const { userId } = requireSelf(viewer);
      return (await grants.end({ userId, appId }))
        ? { app: await loaders.appById.load(appId), userErrors: [] }
        : { app: null, userErrors: [noApp()] };
    },
    async revokeShopApp(_root, { input }, { viewer, memberships, grants, loaders }) {
      const { userId } = requireSelf(viewer);
      const { shopId, appId } = input;
      const membership = await memberships.find(shopId, userId);
      if (membership?.role !== 'OWNER') throw forbidden();
      const endedGrantCount = await grants.withdrawShop(shopId, appId);
      return endedGrantCount > 0
        ? { app: await loaders.appById.load(appId), endedGrantCount, userErrors: [] }
        : { app: null, endedGrantCount, userErrors: [noApp()] };
    },
    async grantOwnApp(_root, { input }, { viewer, grantOwnApp }) {
      const { userId: developerUserId } = requireSelf(viewer);
      const shopIds = input.shopIds ?? [];
      const outcome = await grantOwnApp({ developerUserId, ...input, shopIds });
      if (outcome.ok) {
        const { grant, tokens } = outcome.value;
        return { grant, ...tokens, userErrors: [] };
      }
      const { refusal } = outcome;
      return {
        grant: null,
        accessToken: null,
        accessTokenExpiresAt: null,
        refreshToken: null,
        userErrors: refusal === 'NOT_FOUND' ? [noApp()] : refusal.map(invalidInput),
      };
    },
  },
};
