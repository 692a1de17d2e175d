import type { Clock } from '@vitrine/kernel/clock';
import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import {
  type Collaboration,
  type CollaborationRefusal,
  type Collaborations,
  changeRate,
  close,
} from './collaboration.ts';
import { type TermsProblem, termsProblems } from './open-collaboration.ts';

export interface EditCommand {
  readonly collaborationId: string;
  readonly expectedVersion: number;
  /** Shops the caller works for. */
  readonly shopIds: readonly string[];
}

export type EditRefusal =
  | CollaborationRefusal
  | 'NOT_FOUND'
  | 'NOT_STAFF'
  /** Somebody was faster: how it stands now. */
  | { readonly current: Collaboration };

type Edit = (
  command: EditCommand,
  decide: (found: Collaboration) => Outcome<Collaboration, CollaborationRefusal>,
) => Promise<Outcome<Collaboration, EditRefusal>>;

const edit =
  (collaborations: Collaborations): Edit =>
  async ({ collaborationId, expectedVersion, shopIds }, decide) => {
    const [found] = await collaborations.findMany([collaborationId]);
    if (!found) return refuse('NOT_FOUND');
    if (!shopIds.includes(found.shopId)) return refuse('NOT_STAFF');
    if (found.version !== expectedVersion) return refuse({ current: found });
    const decision = decide(found);
    if (!decision.ok || (await collaborations.save(decision.value))) return decision;
    const [current = found] = await collaborations.findMany([collaborationId]);
    return refuse({ current });
  };

export const changeCommission =
  (collaborations: Collaborations, clock: Clock) =>
  async (
    command: EditCommand & { readonly commissionBps: number },
  ): Promise<Outcome<Collaboration, EditRefusal | readonly TermsProblem[]>> => {
    const problems = termsProblems(command, clock());
    if (problems.length > 0) return refuse(problems);
    return edit(collaborations)(command, (found) =>
      changeRate(found, command.commissionBps, clock()),
    );
  };

export const closeCollaboration =
  (collaborations: Collaborations, clock: Clock) =>
  (command: EditCommand): Promise<Outcome<Collaboration, EditRefusal>> =>
    edit(collaborations)(command, (found) => close(found, clock()));
