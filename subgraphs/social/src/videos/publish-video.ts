import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import {
  type InputProblem,
  keyProblems,
  productListProblems,
  textProblems,
} from '../input/input-rules.ts';
import type { IntentRefusal, Made } from '../input/intent.ts';
import { cardIn, type ProductCards } from '../product-cards/product-card.ts';
import type { Video, Videos } from './video.ts';

export interface PublishVideoCommand {
  readonly authorId: string;
  readonly title: string;
  readonly market: string;
  readonly videoUrl: string | null;
  readonly thumbnailUrl: string | null;
  readonly productIds: readonly string[];
  readonly idempotencyKey: string;
}

/** Broken rules, and products that do not exist by their place in the list. */
export interface PublishVideoProblems {
  readonly problems: readonly InputProblem[];
  readonly missingProductsAt: readonly number[];
}

export type PublishVideo = (
  command: PublishVideoCommand,
) => Promise<Outcome<Made<Video>, IntentRefusal | PublishVideoProblems>>;

const MAX_TITLE = 150;
const MAX_ANCHORS = 20;
const MAX_URL = 2_048;

export interface PublishVideoNeeds {
  readonly videos: Pick<Videos, 'publish' | 'made'>;
  readonly cards: ProductCards;
  readonly isMarket: (code: string) => boolean;
  readonly newId: NewId;
  readonly clock: Clock;
}

export const publishVideo =
  ({ videos, cards, isMarket, newId, clock }: PublishVideoNeeds): PublishVideo =>
  async ({ authorId, idempotencyKey, ...given }) => {
    const { title, market, productIds } = given;
    const listProblems = productListProblems(productIds, { min: 0, max: MAX_ANCHORS });
    const problems: InputProblem[] = [
      ...textProblems('title', title, MAX_TITLE),
      ...keyProblems(idempotencyKey),
      ...listProblems,
    ];
    for (const field of ['videoUrl', 'thumbnailUrl'] as const) {
      if ((given[field]?.length ?? 0) > MAX_URL) {
        const message = `At most ${MAX_URL} characters.`;
        problems.push({ code: 'URL_TOO_LONG', message, path: [field] });
      }
    }
    const isKnownMarket = isMarket(market);
    if (!isKnownMarket) {
      const message = 'We do not trade there.';
      problems.push({ code: 'UNKNOWN_MARKET', message, path: ['market'] });
    }
    const missingProductsAt: number[] = [];
    if (isKnownMarket && listProblems.length === 0) {
      const known = new Map((await cards.findMany(productIds)).map((c) => [c.productId, c]));
      productIds.forEach((productId, at) => {
        const card = known.get(productId);
        if (!card) missingProductsAt.push(at);
        else if (!cardIn(card, market).isActive) {
          const message = 'This product is not sold in the market.';
          problems.push({ code: 'PRODUCT_UNAVAILABLE', message, path: ['productIds', at] });
        }
      });
    }
    const intent = {
      actorId: authorId,
      key: idempotencyKey,
      input: [title, market, given.videoUrl, given.thumbnailUrl, productIds],
    };
    if (problems.length > 0 || missingProductsAt.length > 0) {
      // A video that was published before is answered again, though its products are gone meanwhile.
      return (await videos.made(intent)) ?? refuse({ problems, missingProductsAt });
    }

    const video: Video = {
      ...given,
      id: newId('vid'),
      authorId,
      title: title.trim(),
      likeCount: 0,
      publishedAt: clock(),
    };
    return videos.publish(video, intent);
  };
