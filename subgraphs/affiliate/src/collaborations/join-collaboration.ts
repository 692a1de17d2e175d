import type { Clock } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Creators } from '../creators/creator.ts';
import {
  type Collaboration,
  type CollaborationRefusal,
  type Collaborations,
  isOpen,
} from './collaboration.ts';

export const joinCollaboration =
  (collaborations: Collaborations, creators: Pick<Creators, 'findByUser'>, clock: Clock) =>
  async (command: {
    readonly collaborationId: string;
    readonly userId: string;
  }): Promise<Outcome<Collaboration, CollaborationRefusal | 'NOT_FOUND'>> => {
    const creator = await creators.findByUser(command.userId);
    if (!creator) return refuse('NOT_A_CREATOR');
    const [collaboration] = await collaborations.findMany([command.collaborationId]);
    if (!collaboration) return refuse('NOT_FOUND');
    const joinedAt = clock();
    if (!isOpen(collaboration, joinedAt)) return refuse('CLOSED');
    const hasJoined = await collaborations.join({
      collaborationId: collaboration.id,
      creatorId: creator.id,
      joinedAt,
    });
    return hasJoined ? accept(collaboration) : refuse('ALREADY_JOINED');
  };
