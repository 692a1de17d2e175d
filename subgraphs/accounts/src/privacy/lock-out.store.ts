import { randomBytes } from 'node:crypto';
import { isTestMarket } from '@vitrine/markets/market';
import type { Transaction } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { appModel } from '../apps/app.model.ts';
import { grantStore } from '../grants/grant.store.ts';
import { type ShopNameRow, shopNameModel } from '../grants/shop-name.model.ts';
import {
  type MembershipRow,
  membershipModel,
  toMembership,
} from '../memberships/membership.model.ts';
import { staffBook } from '../memberships/staff-book.store.ts';
import { oauthRecordModel } from '../oauth/oauth-record.model.ts';
import { personModel } from '../people/person.model.ts';
import type { Person } from '../people/person.ts';
import { giveUpPicture } from '../pictures/picture.removal.ts';
import { tellGateways } from '../sessions/rights.redis.ts';
import { sessionStore } from '../sessions/session.store.ts';
import { proofModel } from '../verification/proof.model.ts';
import { webhookStore } from '../webhooks/webhook.store.ts';

type Refusal = { readonly shopIds: readonly string[] } | 'NO_ACCOUNT';

/** No password has this hash, and it is compared as slowly as any other. */
const NO_PASSWORD =
  '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/**
 * Ends all by which somebody gets in: address and password, sessions, what they granted to apps, their
 * own apps with all that was granted to those, their work for shops, links in mails. The account stays
 * for now without a name, since other subgraphs still ask about it.
 */
export async function lockOut(
  services: Services,
  person: Person,
  tx: Transaction,
): Promise<Refusal | null> {
  const { session } = tx;
  const { id: userId } = person;
  const memberships = membershipModel(services.db);
  const tell = tellGateways(services);
  const book = staffBook(services, tx, tell.changed);

  const rows = await memberships.find({ userId }, null, { session }).lean<MembershipRow[]>();
  const shopIds = await realShopsOf(services, rows, tx);
  if (shopIds.length > 0) return { shopIds };

  const nobody = `erased-${randomBytes(12).toString('hex')}`;
  const closed = await personModel(services.db).updateOne(
    { _id: userId, email: person.email },
    {
      $set: {
        email: `${nobody}@erased.invalid`,
        handle: nobody.replace('-', '_').slice(0, 30),
        displayName: '-',
        avatarUrl: null,
        passwordHash: NO_PASSWORD,
        roles: ['BUYER'],
        duties: [],
        market: null,
        language: null,
      },
      $unset: { languages: 1, preferencesVersion: 1 },
      $inc: { version: 1 },
    },
    { session },
  );
  if (closed.matchedCount === 0) return 'NO_ACCOUNT';
  await giveUpPicture(services, tx, { userId, avatarUrl: person.avatarUrl });

  for (const row of rows) await book.remove(toMembership(row));
  await sessionStore(services, tell).endWithin(userId, 'ALL', tx);
  const grants = grantStore(services, tell);
  await grants.endOfUser(userId, tx);
  const apps = appModel(services.db);
  const own = await apps
    .find({ developerUserId: userId }, { _id: 1 }, { session })
    .lean<{ _id: string }[]>();
  for (const { _id: appId } of own) {
    await grants.endOfApp(appId, tx);
    await webhookStore(services).removeOfApp(appId, tx);
    tell.ended(tx, appId, 'ALL');
  }
  await apps.deleteMany({ developerUserId: userId }, { session });
  await proofModel(services.db).deleteMany(
    { $or: [{ userId }, { email: person.email }] },
    { session },
  );
  await oauthRecordModel(services.db).deleteMany({ 'payload.accountId': userId }, { session });
  // Also where there was no session any more: tokens may be about that outlive theirs.
  tell.ended(tx, userId, 'ALL');
  return null;
}

/** Shops that are the person's. One of the test market is nobody's loss and goes with its app. */
async function realShopsOf(
  { db }: Services,
  rows: readonly MembershipRow[],
  { session }: Transaction,
): Promise<string[]> {
  const owned = rows.filter(({ role }) => role === 'OWNER').map(({ shopId }) => shopId);
  const known = await shopNameModel(db)
    .find({ _id: { $in: owned } }, null, { session })
    .lean<ShopNameRow[]>();
  const ofTests = new Set(
    known.filter(({ market }) => market && isTestMarket(market)).map(({ _id }) => _id),
  );
  return owned.filter((shopId) => !ofTests.has(shopId));
}
