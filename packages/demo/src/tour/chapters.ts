import { createGraphClient } from '@vitrine/graph-client/graph-client';
import { signIn } from '../sign-in.ts';
import { commissionsOf, creatorEarns, recommendationsChange } from './aftermath.ts';
import { watch } from './eventually.ts';
import { comment, openRoom, pinAnother, resume } from './in-the-room.ts';
import { MARKET } from './market.ts';
import * as operations from './operations.ts';
import { buy, everybodySees, stockFalls, stockOf } from './purchase.ts';
import type { Story } from './story.ts';

/** The main job from end to end, over the public graph only. Throws `BrokenPromise` at the first step that fails. */
export async function tour(url: string, story: Story): Promise<void> {
  const guest = createGraphClient({ url, sendsHashes: true });
  const closing: (() => Promise<unknown>)[] = [() => guest.close()];
  try {
    story.step('A viewer, a host and a guest arrive');
    const room = (await guest.run(operations.LIVE_ROOMS, { market: MARKET })).liveRooms.nodes[0];
    story.promise(`a live room is on air in ${MARKET}`, room != null);
    const buyer = await signIn(url, 'buyer1');
    const host = await signIn(url, room.host.handle);
    closing.push(
      () => buyer.client.close(),
      () => host.client.close(),
    );
    story.got(`“${room.title}”, hosted by ${room.host.displayName}`);

    const before = await openRoom(story, buyer, room.id);

    story.step('The viewer and a guest subscribe to the room');
    const viewer = watch(buyer.client.subscribe(operations.ROOM_EVENTS, { roomId: room.id }));
    const audience = watch(guest.subscribeSse(operations.ROOM_EVENTS, { roomId: room.id }));
    closing.push(viewer.stop, audience.stop);
    story.sent('liveRoomEvents, the viewer over WebSocket and the guest over server-sent events');

    await comment(story, buyer, room.id, [viewer, audience]);
    const product = await pinAnother(story, host, room.id, before, [viewer, audience]);
    const stockBefore = await stockOf(buyer, product.productId);
    const earnedBefore = await commissionsOf(host);
    const order = await buy(story, buyer, room.id, product);
    await everybodySees(story, order, [viewer, audience]);
    await stockFalls(story, buyer, product, stockBefore);
    await creatorEarns(story, host, product, earnedBefore);
    await recommendationsChange(story, buyer, product, before);
    await resume(story, buyer, room.id, viewer);
  } finally {
    for (const close of closing.toReversed()) await close().catch(() => {});
  }
}
