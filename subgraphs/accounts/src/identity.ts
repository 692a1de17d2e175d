import { marketOf } from '@vitrine/markets/market';
import { guestTokens } from '@vitrine/platform/guest-tokens';
import type { Services } from '@vitrine/platform/services';
import { impersonate } from './impersonation/impersonate.ts';
import { impersonationStore } from './impersonation/impersonation.store.ts';
import type { Membership } from './memberships/membership.ts';
import { changePassword } from './people/change-password.ts';
import { confirmPassword } from './people/confirm-password.ts';
import { argon2Passwords as passwords } from './people/password.argon2.ts';
import { passwordStore } from './people/password.store.ts';
import { personStore } from './people/person.store.ts';
import { signUp } from './people/sign-up.ts';
import { changeSecondFactor } from './second-factor/change-second-factor.ts';
import { checkSecondFactor } from './second-factor/check-second-factor.ts';
import { otpauthPasswords } from './second-factor/one-time-passwords.otpauth.ts';
import { recoveryCodes } from './second-factor/recovery-codes.tokens.ts';
import { secondFactorStore } from './second-factor/second-factor.store.ts';
import { joseSecretBox } from './second-factor/secret-box.jose.ts';
import { openSession } from './sessions/open-session.ts';
import { refreshSession } from './sessions/refresh-session.ts';
import { sessionStore } from './sessions/session.store.ts';
import { grantAccess, randomRefreshTokens } from './sessions/session.tokens.ts';
import { prove, signIn } from './sessions/sign-in.ts';
import { redisAttempts } from './throttling/attempts.redis.ts';
import { askByMail } from './verification/ask-by-mail.ts';
import { changeEmail, confirmEmailChange } from './verification/change-email.ts';
import { mailsOf } from './verification/mails.ts';
import { proofStore } from './verification/proof.store.ts';
import { mailedTokens } from './verification/proof.tokens.ts';
import { resetPassword } from './verification/reset-password.ts';
import { confirmSignUp, verifyEmail } from './verification/verify-email.ts';

export interface IdentityPorts {
  readonly membershipsOf: (userId: string) => Promise<readonly Membership[]>;
}

/**
 * How people prove who they are: use cases of sign-up, sign-in, sessions and what opens an account.
 * Opened for the graph and, with the same rules, for the pages that mails lead to.
 */
export function openIdentity(services: Services, { membershipsOf }: IdentityPorts) {
  const { clock, newId, env } = services;
  const people = personStore(services);
  const sessions = sessionStore(services);
  const secondFactors = secondFactorStore(services, { sessions });
  const ports = {
    people,
    sessions,
    secondFactors,
    passwords,
    mailedTokens,
    recoveryCodes,
    clock,
    newId,
    proofs: proofStore(services, { people, sessions }),
    mails: mailsOf(env.PUBLIC_URL ?? `http://localhost:${env.PORT}`),
    attempts: redisAttempts(services),
    oneTimePasswords: otpauthPasswords,
    secretBox: joseSecretBox(env.SECOND_FACTOR_SECRET),
    refreshTokens: randomRefreshTokens,
    guestOf: guestTokens(env.TOKEN_SECRET).guestOf,
    isMarket: (code: string) => marketOf(code) !== null,
    grantAccess: grantAccess({ tokenSecret: env.TOKEN_SECRET, membershipsOf, clock }),
  };
  const confirm = confirmPassword(ports);
  const check = checkSecondFactor(ports);
  const open = openSession(ports);
  const confirmSigningUp = confirmSignUp(ports);

  return {
    sessions,
    secondFactors,
    now: clock,
    signUp: signUp(ports),
    confirmSignUp: confirmSigningUp,
    verifyEmail: verifyEmail(confirmSigningUp, { openSession: open }),
    ...askByMail(ports),
    resetPassword: resetPassword(ports),
    changePassword: changePassword({
      ...ports,
      confirmPassword: confirm,
      storePassword: passwordStore(services, { people, sessions }),
    }),
    changeEmail: changeEmail({ ...ports, confirmPassword: confirm }),
    confirmEmailChange: confirmEmailChange({ ...ports, confirmPassword: confirm }),
    /** Who somebody is, without a session: for pages that have sessions of their own. */
    confirmPassword: confirm,
    checkSecondFactor: check,
    prove: prove({ ...ports, checkSecondFactor: check }),
    signIn: signIn({ ...ports, checkSecondFactor: check, openSession: open }),
    refreshSession: refreshSession(ports),
    endSessions: sessions.endOf,
    ...changeSecondFactor({ ...ports, confirmPassword: confirm, check }),
    impersonate: impersonate({
      ...ports,
      openImpersonation: impersonationStore(services, { sessions }),
    }),
  };
}
