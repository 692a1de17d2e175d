import type { Data } from '@vitrine/graph-client/graph-client';
import type { AppNewArgs } from './app-new-args.ts';
import { type Ask, accepted, awaited } from './ask.ts';

const SIGN_UP = `mutation SignUp($input: SignUpInput!) {
  signUp(input: $input) { sentTo userErrors { ... on UserError { code message } } } }`;
const VERIFY = `mutation VerifyEmail($input: VerifyEmailInput!) {
  verifyEmail(input: $input) { userErrors { ... on UserError { code message } } } }`;

/** As the mail says it. */
const CODE = /code where you signed up: (\S+)/;

/**
 * Opens an account. Where the platform keeps its mails to be read, as on one machine, the address is
 * confirmed by the mail; elsewhere its owner has to do that. Throws with what they are to do.
 */
export async function signUp(ask: Ask, { url, email, password }: AppNewArgs): Promise<void> {
  const input = { email, password, displayName: 'Developer' };
  const { sentTo } = accepted((await ask(SIGN_UP, { input }))['signUp']);
  const token = await awaited('the mail that confirms the address', async () => {
    const response = await fetch(`${url}/dev/mail?to=${encodeURIComponent(sentTo)}`, {
      headers: { accept: 'application/json' },
    });
    if (!response.ok) {
      throw new Error(`Confirm ${sentTo} by the mail it gets, then run this without --sign-up.`);
    }
    // Mails as the development page lists them, the newest first.
    const mails = (await response.json()) as Data[];
    return CODE.exec(mails[0]?.['text'] ?? '')?.[1] ?? null;
  });
  accepted((await ask(VERIFY, { input: { token } }))['verifyEmail']);
}
