import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import {
  type Answers,
  type Application,
  type ApplicationRefusal,
  type Applications,
  claim,
  isVisibleTo,
  type Onlooker,
  type RejectionReason,
  review,
  submit,
} from './application.ts';

/** Who moves which application, and the version they saw. */
export interface MoveCommand {
  readonly applicationId: string;
  readonly expectedVersion: number;
  readonly actor: Onlooker;
}

export type MoveRefusal =
  | ApplicationRefusal
  | 'NOT_FOUND'
  /** Somebody was faster: how it stands now. */
  | { readonly current: Application };

type Moved = Promise<Outcome<Application, MoveRefusal>>;

/** What the actor may not see is as if it did not exist. */
async function move(
  applications: Applications,
  { applicationId, expectedVersion, actor }: MoveCommand,
  decide: (found: Application) => Outcome<Application, ApplicationRefusal | 'NOT_FOUND'>,
): Moved {
  const [found] = await applications.findMany([applicationId]);
  if (!found || !isVisibleTo(found, actor)) return refuse('NOT_FOUND');
  if (found.version !== expectedVersion) return refuse({ current: found });
  const decision = decide(found);
  if (!decision.ok) return decision;
  const saved = await applications.save(decision.value);
  if (saved === 'SAVED') return decision;
  if (saved === 'APPLICATION_OPEN') return refuse(saved);
  const [current = found] = await applications.findMany([applicationId]);
  return refuse({ current });
}

/** Takes sound answers; only the applicant's own hand sends an application. */
export const resubmitApplication =
  (applications: Applications, clock: Clock) =>
  (command: MoveCommand & { readonly answers: Answers }): Moved =>
    move(applications, command, (found) =>
      found.applicantUserId === command.actor.userId
        ? submit(found, command.answers, clock())
        : refuse('NOT_FOUND'),
    );

/** For operators: the caller has checked the role. */
export const claimApplication =
  (applications: Applications) =>
  (command: MoveCommand): Moved =>
    move(applications, command, (found) => claim(found, command.actor.userId));

/** For operators: the caller has checked the role and the reasons. */
export const reviewApplication =
  (applications: Applications, clock: Clock, newId: NewId) =>
  (
    command: MoveCommand & {
      readonly decision: 'APPROVE' | 'REJECT';
      readonly reasons: readonly RejectionReason[];
    },
  ): Moved =>
    move(applications, command, (found) =>
      review(
        found,
        command.actor.userId,
        command.decision === 'APPROVE'
          ? { decision: 'APPROVE', shopId: newId('shp') }
          : { decision: 'REJECT', reasons: command.reasons },
        clock(),
      ),
    );
