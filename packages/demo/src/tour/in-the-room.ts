import { randomUUID } from 'node:crypto';
import type { Data } from '@vitrine/graph-client/graph-client';
import type { DemoSession } from '../sign-in.ts';
import { type Watching, watch } from './eventually.ts';
import { MARKET } from './market.ts';
import * as operations from './operations.ts';
import type { Story } from './story.ts';

/** The product the host has put on screen, and which of its variants the viewer takes. */
export interface Bought {
  readonly productId: string;
  readonly variantId: string;
  readonly title: string;
}

export async function openRoom(story: Story, buyer: DemoSession, roomId: string): Promise<Data> {
  story.step('The viewer opens the room with one query over eight subgraphs');
  story.sent(
    'query RoomPage: room, host, card, bag, stock, shops, commission, cart, recommendations',
  );
  const { data, errors } = await buyer.client.send(operations.ROOM_PAGE, {
    roomId,
    market: MARKET,
  });
  story.promise('it answers without an error', errors.length === 0, errors);
  const page = data ?? {};
  const card = page['liveRoom'].pinned?.product;
  story.got(`${page['liveRoom'].bag.nodes.length} products in the bag, “${card?.title}” on screen`);
  story.promise(
    'every subgraph has its part: accounts, social, catalog, shops, logistics, affiliate, orders, discovery',
    [
      page['liveRoom'].host?.displayName,
      card?.title,
      card?.shop?.name,
      card?.inStock,
      card?.bestCommissionBps,
      page['viewer'].profile?.displayName,
      page['viewer'].recommendedProducts?.nodes.length,
    ].every((part) => part !== null && part !== undefined),
    page,
  );
  return page;
}

export async function comment(
  story: Story,
  buyer: DemoSession,
  roomId: string,
  audience: readonly Watching[],
): Promise<void> {
  story.step('The viewer comments');
  const text = `Hello from the tour (${randomUUID().slice(0, 8)})`;
  story.sent(`postComment “${text}”`);
  const { postComment } = await buyer.client.run(operations.POST_COMMENT, {
    input: { subjectId: roomId, text, idempotencyKey: randomUUID() },
  });
  story.promise('it is posted', postComment.comment?.text === text, postComment);
  const isIt = (event: Data) => event['comment']?.text === text;
  const seen = await Promise.all(audience.map((watching) => watching.until(isIt)));
  story.promise('everybody in the room sees it', seen.every(Boolean), seen);
  story.got(`CommentPosted, by ${seen[0]?.['authorName']}`);
}

export async function pinAnother(
  story: Story,
  host: DemoSession,
  roomId: string,
  page: Data,
  audience: readonly Watching[],
): Promise<Bought> {
  story.step('The host puts another product on screen');
  const pinned = page['liveRoom'].pinned?.product?.id;
  const item = page['liveRoom'].bag.nodes.find(
    ({ product }: Data) => product.id !== pinned && product.variants.some(isBuyable),
  );
  story.promise('the bag has another product to show', item !== undefined);
  const { product } = item;
  story.sent(`pinCard “${product.title}”`);
  const { pinCard } = await host.client.run(operations.PIN_CARD, {
    input: { roomId, productId: product.id },
  });
  story.promise(
    'exactly that card is on screen',
    pinCard.room?.pinned?.product.id === product.id,
    pinCard,
  );
  const isIt = (event: Data) => event['card']?.product?.id === product.id;
  const seen = await Promise.all(audience.map((watching) => watching.until(isIt)));
  story.promise('everybody sees it go up', seen.every(Boolean), seen);
  story.got('CardPinned, with the stock from another subgraph inside the event');
  const variant = product.variants.find(isBuyable);
  return { productId: product.id, variantId: variant.id, title: product.title };
}

const isBuyable = (variant: Data): boolean => variant['availableQuantity'] > 0;

export async function resume(
  story: Story,
  buyer: DemoSession,
  roomId: string,
  viewer: Watching,
): Promise<void> {
  story.step('A dropped connection resumes where it was');
  const ordered = viewer.seen.filter((event) => event['cursor'] !== undefined);
  const [first] = ordered;
  story.promise('the viewer has seen ordered events', first !== undefined);
  const missed = ordered.slice(1).map((event) => event['cursor']);
  story.sent(`liveRoomEvents(resumeAfter: “${first?.['cursor']}”)`);
  const again = watch(
    buyer.client.subscribe(operations.ROOM_EVENTS, { roomId, resumeAfter: first?.['cursor'] }),
  );
  const last = missed.at(-1);
  await again.until((event) => event['cursor'] === last);
  const replayed = again.seen
    .map((event) => event['cursor'])
    .filter((cursor) => cursor !== undefined);
  await again.stop();
  story.promise(
    'every event after the cursor comes, once and in order',
    JSON.stringify(replayed.slice(0, missed.length)) === JSON.stringify(missed),
    { missed, replayed },
  );
  story.got(`${missed.length} events, none missed, none twice`);
}
