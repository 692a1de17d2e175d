import { DEMO_PASSWORD } from '@vitrine/demo/world/people';
import { createGraphClient, type Data } from '@vitrine/graph-client/graph-client';
import { request } from 'undici';
import { expect } from 'vitest';
import type { TestPlatform } from '../platform.ts';
import { placeOrderUntilDone, readyToBuy, setStock, somethingOnSale } from './shopping.ts';

const errors = 'userErrors { ... on UserError { code } }';
export const INVITE = `mutation ($input: InviteShopStaffInput!) { inviteShopStaff(input: $input) { ${errors} } }`;
const ACCEPT = `mutation ($input: AnswerShopInvitationInput!) {
  acceptShopInvitation(input: $input) { membership { role } ${errors} }
}`;
const REMOVE = `mutation ($input: RemoveShopStaffInput!) { removeShopStaff(input: $input) { ${errors} } }`;
const SIGN_IN = `mutation ($input: SignInInput!) {
  signIn(input: $input) { accessToken viewer { id } ${errors} }
}`;
const ORDER = 'query ($id: ID!) { order(id: $id) { id state } }';
const FOLLOW = 'subscription ($id: ID!) { orderChanged(orderId: $id) { id state } }';

/**
 * Somebody is invited to a shop by mail, accepts, and follows one of its orders. They are removed: what
 * they follow ends, and the token they hold sees nothing of the shop any more, long before it expires.
 */
export async function removedStaffIsOutAtOnce(platform: TestPlatform) {
  const { running, world, guest, as } = platform;
  const goods = somethingOnSale(platform);
  const { shopId } = goods.product;
  const shop = world.shops.find((one) => one.shopId === shopId);
  const [buyer, helper] = world.buyers.slice(-4);
  if (!shop || !buyer || !helper) throw new Error('the demo has a shop and buyers');
  const owner = await as(shop.ownerUserId, { memberships: [{ shopId, role: 'OWNER' }] });
  await setStock(platform, goods, 100);
  const buying = await as(buyer.userId);
  const placed = await placeOrderUntilDone(buying, await readyToBuy(buying, goods));
  const id: string = placed['orders'][0].id;

  const enter = async () => {
    const input = { email: helper.email, password: DEMO_PASSWORD };
    const { signIn } = await guest().run(SIGN_IN, { input });
    return createGraphClient({ url: running.url, token: signIn.accessToken });
  };
  const outside = await enter();
  expect(await outside.run(ORDER, { id })).toEqual({ order: null });
  const invited = { shopId, email: helper.email, role: 'AGENT' };
  expect((await owner.run(INVITE, { input: invited }))['inviteShopStaff'].userErrors).toEqual([]);
  const token = await codeTo(running.publicUrl, helper.email);
  const { acceptShopInvitation } = await outside.run(ACCEPT, { input: { token } });
  expect(acceptShopInvitation).toEqual({ membership: { role: 'AGENT' }, userErrors: [] });

  const inside = await enter();
  expect((await inside.run(ORDER, { id }))['order']).toMatchObject({ id });
  const followed: Data[] = [];
  const following = (async () => {
    for await (const event of inside.subscribe(FOLLOW, { id })) followed.push(event);
    return 'over';
  })().catch((error: unknown) => `${String(error)} ${JSON.stringify(error)}`);
  await expect.poll(() => followed.length, { timeout: 10_000 }).toBeGreaterThan(0);

  await owner.run(REMOVE, { input: { shopId, profileId: helper.userId } });
  const removedAt = Date.now();
  await expect
    .poll(async () => (await inside.run(ORDER, { id }))['order'], { timeout: 5_000 })
    .toBeNull();
  expect(await following).toContain('NOT_FOUND');
  expect(Date.now() - removedAt).toBeLessThan(10_000);
  await Promise.all([outside, inside].map((client) => client.close()));
}

/** The code in the newest mail to an address, as `/dev/mail` shows it. */
export async function codeTo(site: string, to: string): Promise<string> {
  const list = await request(`${site}/dev/mail?to=${encodeURIComponent(to)}`, {
    headers: { accept: 'application/json' },
  });
  const [mail] = (await list.body.json()) as { text: string }[]; // as `/dev/mail` answers
  return /^[\w-]{43}$/m.exec(mail?.text ?? '')?.[0] ?? '';
}
