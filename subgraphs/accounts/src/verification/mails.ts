import type { NewMail } from '../mail/mail.ts';

/**
 * What the platform writes to people. No name that somebody chose stands in a mail to an address
 * that is not proven, or the platform would send anybody's words to anybody.
 */
export interface Mails {
  signUp(to: string, token: string): NewMail;
  alreadyMember(to: string): NewMail;
  passwordReset(to: string, token: string): NewMail;
  passwordChanged(to: string): NewMail;
  emailChange(to: string, token: string): NewMail;
  emailChanged(to: string): NewMail;
  secondFactorEnrolled(to: string): NewMail;
  secondFactorDisabled(to: string): NewMail;
  recoveryCodeUsed(to: string, left: number): NewMail;
  impersonated(to: string, of: { readonly reason: string; readonly until: Date }): NewMail;
}

const notYou = 'If it was not you, reset your password at once';

/** `site` is where clients call the platform, such as `https://shop.example`. */
export function mailsOf(site: string): Mails {
  const at = (path: string, token?: string) =>
    `${site.replace(/\/$/, '')}/account/${path}${token === undefined ? '' : `?token=${token}`}`;
  const mail =
    (subject: string) =>
    (to: string, ...lines: readonly string[]): NewMail => ({
      to,
      subject,
      text: `${lines.join('\n\n')}\n`,
    });
  const reset = at('reset');

  return {
    signUp: (to, token) =>
      mail('Confirm your address')(
        to,
        'Somebody signed up to Vitrine with this address. If it was you, confirm it within 24 hours:',
        at('verify', token),
        `Or type this code where you signed up: ${token}`,
        'If it was not you, do nothing: there is no account without your confirmation.',
      ),
    alreadyMember: (to) =>
      mail('You have an account')(
        to,
        'Somebody signed up to Vitrine with this address, which has an account already. If it was you, sign in instead. If you have forgotten your password, ask for a new one:',
        reset,
        'If it was not you, do nothing: nothing has changed.',
      ),
    passwordReset: (to, token) =>
      mail('A new password')(
        to,
        'Somebody asked for a new password for your Vitrine account. If it was you, choose one within an hour:',
        at('reset', token),
        `Or type this code where you asked for it: ${token}`,
        'If it was not you, do nothing: your password stays as it is.',
      ),
    passwordChanged: (to) =>
      mail('Your password was changed')(
        to,
        'The password of your Vitrine account was changed, and sessions on other devices have ended.',
        `${notYou}: ${reset}`,
      ),
    emailChange: (to, token) =>
      mail('Confirm your new address')(
        to,
        'Somebody wants to use this address for their Vitrine account. If it was you, confirm it within 24 hours:',
        at('verify-change', token),
        `Or type this code where you asked for it: ${token}`,
        'If it was not you, do nothing: nothing happens without your confirmation.',
      ),
    emailChanged: (to) =>
      mail('Your address was changed')(
        to,
        'Your Vitrine account has another e-mail address from now on, and mail no longer comes here.',
        'If it was not you, write to the platform at once.',
      ),
    secondFactorEnrolled: (to) =>
      mail('One-time passwords are on')(
        to,
        'From now on signing in to your Vitrine account needs a one-time password beside your password.',
        `${notYou}: ${reset}`,
      ),
    secondFactorDisabled: (to) =>
      mail('One-time passwords are off')(
        to,
        'From now on your password alone signs in to your Vitrine account. All sessions have ended.',
        `${notYou}: ${reset}`,
      ),
    recoveryCodeUsed: (to, left) =>
      mail('A recovery code was used')(
        to,
        `Somebody signed in to your Vitrine account with a recovery code in place of a one-time password. ${left} codes are left.`,
        `${notYou}: ${reset}`,
      ),
    impersonated: (to, { reason, until }) =>
      mail('An operator is looking at your account')(
        to,
        `An operator of Vitrine acts in your account until ${until.toISOString()}, to help you or to look into a report. They can neither change your password, address or one-time passwords, nor buy or be paid.`,
        `Their reason: ${reason}`,
        'You find it among your sessions, and can end it there.',
      ),
  };
}
