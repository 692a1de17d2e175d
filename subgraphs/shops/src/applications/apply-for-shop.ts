import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Answers, Application, Applications } from './application.ts';

export interface ApplyForShopCommand {
  readonly applicantUserId: string;
  readonly idempotencyKey: string;
  readonly answers: Answers;
  readonly isDraft: boolean;
}

/** Takes sound answers. Resumable: called again under the same key, it finds what it has stored. */
export const applyForShop =
  (applications: Pick<Applications, 'add'>, clock: Clock, newId: NewId) =>
  async ({
    applicantUserId,
    idempotencyKey,
    answers,
    isDraft,
  }: ApplyForShopCommand): Promise<Outcome<Application, 'APPLICATION_OPEN'>> => {
    const now = clock();
    const added = await applications.add(
      {
        id: newId('app'),
        applicantUserId,
        answers,
        standing: isDraft ? { state: 'DRAFT' } : { state: 'SUBMITTED', submittedAt: now },
        createdAt: now,
        version: 1,
      },
      idempotencyKey,
    );
    return added === 'APPLICATION_OPEN' ? refuse(added) : accept(added);
  };
