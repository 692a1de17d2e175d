import type { Services } from '@vitrine/platform/services';
import { appModel } from '../apps/app.model.ts';
import { type GrantRow, grantModel } from '../grants/grant.model.ts';
import { membershipId, membershipModel } from '../memberships/membership.model.ts';
import type { Grants } from './grants.ts';

type Seen = Pick<GrantRow, 'appId' | 'userId' | 'shopIds'>;

/**
 * Which apps may hear of something: a person has granted the scope and it is their own affair, or
 * that of a shop which the grant names and where they still work.
 */
export function grantedApps({ db, clock }: Pick<Services, 'db' | 'clock'>): Grants {
  const grants = grantModel(db);
  const memberships = membershipModel(db);

  return {
    async appsThatSee({ shopIds, userIds }, scope) {
      const found = await grants
        .find(
          {
            scopes: scope,
            expiresAt: { $gt: clock() },
            $or: [{ userId: { $in: userIds } }, { shopIds: { $in: shopIds } }],
          },
          { appId: 1, userId: 1, shopIds: 1 },
        )
        .lean<Seen[]>();
      const isOwn = ({ userId }: Seen) => userIds.includes(userId);
      const placesOf = ({ userId, shopIds: own }: Seen) =>
        own.filter((shopId) => shopIds.includes(shopId)).map((id) => membershipId(id, userId));
      const wanted = found.filter((grant) => !isOwn(grant)).flatMap(placesOf);
      const rows =
        wanted.length === 0
          ? []
          : await memberships.find({ _id: { $in: wanted } }, { _id: 1 }).lean();
      const working = new Set(rows.map(({ _id }) => _id));
      const apps = found
        .filter((grant) => isOwn(grant) || placesOf(grant).some((id) => working.has(id)))
        .map(({ appId }) => appId);
      return [...new Set(apps)];
    },
  };
}

/** Where the developer of an app reads mail. */
export const developerMailOf =
  (
    { db }: Pick<Services, 'db'>,
    mailOf: (userId: string) => Promise<string | null>,
  ): ((appId: string) => Promise<string | null>) =>
  async (appId) => {
    const app = await appModel(db).findById(appId, { developerUserId: 1 }).lean();
    return app ? mailOf(app.developerUserId) : null;
  };
