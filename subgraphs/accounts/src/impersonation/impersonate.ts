import type { Clock } from '@vitrine/kernel/clock';
import { MINUTE, plus } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { lengthOf } from '@vitrine/kernel/text';
import type { NewMail } from '../mail/mail.ts';
import type { People, Person } from '../people/person.ts';
import type { InputProblem } from '../people/person-input.ts';
import {
  type Client,
  type GrantAccess,
  newSession,
  type RefreshTokens,
  type Session,
  type SignedIn,
} from '../sessions/session.ts';
import type { Mails } from '../verification/mails.ts';

export const IMPERSONATION_MS = 10 * MINUTE;
const SHORTEST_REASON = 10;
const LONGEST_REASON = 500;

export interface ImpersonatePorts {
  readonly people: Pick<People, 'findMany'>;
  /** Stores the session, the mail to the person and the audit entry, or none of them. */
  readonly openImpersonation: (session: Session, notice: NewMail) => Promise<void>;
  readonly refreshTokens: Pick<RefreshTokens, 'mint'>;
  readonly grantAccess: GrantAccess;
  readonly mails: Mails;
  readonly clock: Clock;
  readonly newId: NewId;
}

export interface ImpersonateInput {
  readonly operatorId: string;
  readonly userId: string;
  readonly reason: string;
}

export type ImpersonateRefusal = 'NOT_FOUND' | { readonly problems: readonly InputProblem[] };

/**
 * Lets an operator act as a person for a few minutes. Its session has a refresh token that nobody is
 * given. Operators are left out, or one could take up the duties of another.
 */
export const impersonate =
  ({
    people,
    openImpersonation,
    refreshTokens,
    grantAccess,
    mails,
    clock,
    newId,
  }: ImpersonatePorts) =>
  async (
    { operatorId, userId, reason: given }: ImpersonateInput,
    client: Client,
  ): Promise<
    Outcome<Pick<SignedIn, 'accessToken' | 'accessTokenExpiresAt'>, ImpersonateRefusal>
  > => {
    const reason = given.slice(0, 10_000).trim();
    const length = lengthOf(reason);
    if (length < SHORTEST_REASON || length > LONGEST_REASON) {
      return refuse({
        problems: [
          {
            code: 'REASON_LENGTH',
            message: `A reason has ${SHORTEST_REASON} to ${LONGEST_REASON} characters.`,
            path: ['reason'],
          },
        ],
      });
    }
    const [person] = await people.findMany([userId]);
    if (!person || isOperator(person)) return refuse('NOT_FOUND');
    const now = clock();
    const session: Session = {
      ...newSession(
        { id: newId('ses'), userId, client, hasSecondFactor: false },
        refreshTokens.mint().hashes,
        now,
      ),
      expiresAt: plus(now, IMPERSONATION_MS),
      impersonation: { operatorId, reason },
    };
    await openImpersonation(
      session,
      mails.impersonated(person.email, { reason, until: session.expiresAt }),
    );
    return accept(await grantAccess(person, session));
  };

const isOperator = ({ roles }: Person): boolean => roles.includes('OPERATOR');
