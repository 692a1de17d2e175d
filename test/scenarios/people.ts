import { signIn as signInAs } from '@vitrine/demo/sign-in';
import { createGraphClient, type Data } from '@vitrine/graph-client/graph-client';
import { request } from 'undici';
import { expect } from 'vitest';
import type { TestPlatform } from '../platform.ts';

const email = 'newcomer@people.example';
const password = 'correct horse';

const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) { sentTo userErrors { ... on UserError { code } } } }`;
const SIGN_IN = `mutation ($input: SignInInput!) {
  signIn(input: $input) { accessToken userErrors { ... on UserError { code } } }
}`;
const SESSIONS = `{ viewer { email sessions(first: 5) { nodes { id isCurrent address userAgent hasSecondFactor } } } }`;
const END = `mutation ($input: EndSessionInput!) { endSession(input: $input) { endedSessionId } }`;
const IMPERSONATE = `mutation ($input: ImpersonateInput!) {
  impersonate(input: $input) { accessToken userErrors { ... on UserError { code } } }
}`;

/**
 * Somebody signs up, confirms by the page that the mail leads to, signs in twice and ends one session
 * from the other: its token is refused at once. An operator then looks into the account, seen by the
 * person, and is thrown out.
 */
export async function strangerBecomesAMember({ running, world, guest }: TestPlatform) {
  const as = (token: string) => createGraphClient({ url: running.url, token });
  const stranger = guest();
  const enter = async () => {
    const { signIn } = await stranger.run(SIGN_IN, { input: { email, password } });
    return signIn;
  };

  const input = { email, password, displayName: 'New Comer', market: 'GB' };
  expect(await stranger.run(SIGN_UP, { input })).toMatchObject({ signUp: { sentTo: email } });
  expect((await enter()).userErrors).toEqual([{ code: 'EMAIL_NOT_VERIFIED' }]);
  await confirmByMail(running.publicUrl);

  const [here, lost] = [as((await enter()).accessToken), as((await enter()).accessToken)];
  const { viewer } = await here.run(SESSIONS);
  expect(viewer.sessions.nodes).toHaveLength(2);
  expect(viewer.sessions.nodes[0]).toMatchObject({ address: expect.stringContaining('127.0.0.1') });
  const other = viewer.sessions.nodes.find((session: Data) => !session['isCurrent']);
  await here.run(END, { input: { sessionId: other.id } });
  await expect
    .poll(async () => (await lost.send(SESSIONS)).errors[0]?.extensions?.code)
    .toBe('UNAUTHENTICATED');

  const operator = await signInAs(running.url, world.operator.handle);
  const mine = await operator.client.run(SESSIONS);
  expect(mine['viewer'].sessions.nodes[0]).toMatchObject({
    isCurrent: true,
    hasSecondFactor: true,
  });
  const { viewer: self } = await here.run('{ viewer { id } }');
  const look = { userId: self.id, reason: 'A report about this account' };
  const { impersonate } = await operator.client.run(IMPERSONATE, { input: look });
  const looking = as(impersonate.accessToken);
  const seen = await looking.run('{ viewer { impersonation { operator { displayName } } } }');
  expect(seen['viewer'].impersonation.operator.displayName).toBe(world.operator.displayName);
  const { viewer: again } = await here.run(SESSIONS);
  const theirs = again.sessions.nodes.find((session: Data) => !session['isCurrent']);
  await here.run(END, { input: { sessionId: theirs.id } });
  await expect
    .poll(async () => (await looking.send('{ viewer { id } }')).errors[0]?.extensions?.code)
    .toBe('UNAUTHENTICATED');

  await Promise.all([here, lost, looking, operator.client].map((client) => client.close()));
}

/** Reads the newest mail and sends the form that its link leads to. */
async function confirmByMail(site: string): Promise<void> {
  const list = await request(`${site}/dev/mail?to=${email}`, {
    headers: { accept: 'application/json' },
  });
  const [mail] = (await list.body.json()) as { text: string }[]; // as `/dev/mail` answers
  const link = /http\S+/.exec(mail?.text ?? '')?.[0] ?? '';
  const page = await (await request(link)).body.text();
  const token = /name="token" type="hidden" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const confirmed = await request(new URL('/account/verify', site), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }).toString(),
  });
  expect(confirmed.statusCode).toBe(200);
  expect(await confirmed.body.text()).toContain('You can sign in now');
}
