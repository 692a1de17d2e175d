import { prefixOf } from '@vitrine/kernel/id';
import type { ProductCards } from '../product-cards/product-card.ts';
import { isCrew, type LiveRooms } from '../rooms/live-room.ts';
import type { LiveRoomState } from '../rooms/room-state.ts';
import type { Videos } from '../videos/video.ts';
import type { CommentAuthorRole } from './author-role.ts';

/** What is commented, as far as comments need to know it. */
export type Subject =
  | { readonly kind: 'PRODUCT'; readonly id: string; readonly shopId: string }
  | { readonly kind: 'VIDEO'; readonly id: string; readonly authorId: string }
  | {
      readonly kind: 'LIVE_ROOM';
      readonly id: string;
      readonly hostId: string;
      readonly moderatorIds: readonly string[];
      readonly state: LiveRoomState;
    };

export type SubjectKind = Subject['kind'];

const KINDS: Readonly<Record<string, SubjectKind>> = {
  prd: 'PRODUCT',
  vid: 'VIDEO',
  liv: 'LIVE_ROOM',
};

/** What an id points at, or null for what cannot be commented. */
export const subjectKindOf = (id: string): SubjectKind | null => KINDS[prefixOf(id) ?? ''] ?? null;

export type FindSubject = (id: string) => Promise<Subject | null>;

/** A product that is not on sale is as if it did not exist. */
export const findSubject =
  (where: {
    readonly cards: Pick<ProductCards, 'findMany'>;
    readonly videos: Pick<Videos, 'findMany'>;
    readonly rooms: Pick<LiveRooms, 'findMany'>;
  }): FindSubject =>
  async (id) => {
    const kind = subjectKindOf(id);
    switch (kind) {
      case null:
        return null;
      case 'PRODUCT': {
        const [card] = await where.cards.findMany([id]);
        return card?.isActive ? { kind, id, shopId: card.shopId } : null;
      }
      case 'VIDEO': {
        const [video] = await where.videos.findMany([id]);
        return video ? { kind, id, authorId: video.authorId } : null;
      }
      case 'LIVE_ROOM': {
        const [room] = await where.rooms.findMany([id]);
        if (!room) return null;
        const { hostId, moderatorIds, state } = room;
        return { kind, id, hostId, moderatorIds, state };
      }
      default:
        return kind satisfies never;
    }
  };

/** How somebody stands to a subject. `isStaffOf` tells whether they work for a shop. */
export function roleOf(
  subject: Subject,
  userId: string,
  isStaffOf: (shopId: string) => boolean,
): CommentAuthorRole {
  switch (subject.kind) {
    case 'PRODUCT':
      return isStaffOf(subject.shopId) ? 'SELLER' : 'VIEWER';
    case 'VIDEO':
      return subject.authorId === userId ? 'CREATOR' : 'VIEWER';
    case 'LIVE_ROOM':
      if (subject.hostId === userId) return 'HOST';
      return isCrew(subject, userId) ? 'MODERATOR' : 'VIEWER';
    default:
      return subject satisfies never;
  }
}

/** Whether somebody may delete what others said under a subject. */
export function mayModerate(subject: Subject, userId: string): boolean {
  switch (subject.kind) {
    case 'PRODUCT':
      // A seller who could delete what buyers say would make it worthless.
      return false;
    case 'VIDEO':
      return subject.authorId === userId;
    case 'LIVE_ROOM':
      return isCrew(subject, userId);
    default:
      return subject satisfies never;
  }
}
