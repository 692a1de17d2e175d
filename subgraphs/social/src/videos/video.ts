import type { Outcome } from '@vitrine/kernel/outcome';
import type { Intent, IntentRefusal, Made } from '../input/intent.ts';

export interface Video {
  readonly id: string;
  readonly authorId: string;
  readonly title: string;
  readonly market: string;
  readonly videoUrl: string | null;
  readonly thumbnailUrl: string | null;
  /** Products it links to, in the maker's order. */
  readonly productIds: readonly string[];
  readonly likeCount: number;
  readonly publishedAt: Date;
}

/** Where videos are kept. Implemented over MongoDB in `video.store.ts`. */
export interface Videos {
  findMany(ids: readonly string[]): Promise<Video[]>;
  publish(video: Video, intent: Intent): Promise<Outcome<Made<Video>, IntentRefusal>>;
  /** What an earlier call under the intent's key has made; null when there was none. */
  made(intent: Intent): Promise<Outcome<Made<Video>, IntentRefusal> | null>;
  /** Counts each user once. Null where there is no such video. */
  like(videoId: string, userId: string): Promise<Video | null>;
}
