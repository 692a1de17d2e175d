import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Creator, Creators } from './creator.ts';
import type { CreatorInput } from './creator-input.ts';

export interface BecomeCreatorCommand extends CreatorInput {
  readonly userId: string;
}

/** Takes an input that `creatorProblems` has found sound. */
export const becomeCreator =
  (creators: Creators, clock: Clock, newId: NewId) =>
  async (command: BecomeCreatorCommand): Promise<Outcome<Creator, 'ALREADY_CREATOR'>> => {
    const added = await creators.add(
      {
        id: newId('cre'),
        userId: command.userId,
        displayName: command.displayName.trim(),
        markets: command.markets,
        createdAt: clock(),
      },
      command.idempotencyKey,
    );
    return added === 'TAKEN' ? refuse('ALREADY_CREATOR') : accept(added);
  };
