import { createGraphClient, type GraphClient } from '@vitrine/graph-client/graph-client';
import { Secret, TOTP } from 'otpauth';
import { DEMO_ONE_TIME_PASSWORD_SECRET, DEMO_PASSWORD } from './world/people.ts';

const SIGN_IN = /* GraphQL */ `
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      accessToken
      viewer { id }
      userErrors { ... on UserError { code message } }
    }
  }
`;

export interface DemoSession {
  readonly userId: string;
  readonly client: GraphClient;
}

const STEP_MS = 30_000;

/**
 * The codes that the operator's authenticator app may show now, oldest first. Each is good once, so
 * whoever signs in as the operator several times within half a minute goes through them.
 */
function codesNow(): readonly string[] {
  const now = Date.now();
  return [-STEP_MS, 0, STEP_MS].map((off) =>
    TOTP.generate({
      secret: Secret.fromBase32(DEMO_ONE_TIME_PASSWORD_SECRET),
      timestamp: now + off,
    }),
  );
}

/**
 * Signs in somebody of the demo world, such as `buyer1`; an operator with a one-time password. Throws
 * with the refusal when it is not there.
 */
export async function signIn(url: string, handle: string): Promise<DemoSession> {
  const guest = createGraphClient({ url, sendsHashes: true });
  try {
    const email = `${handle}@demo.vitrine.example`;
    const attempt = async (oneTimePassword?: string) =>
      (await guest.run(SIGN_IN, { input: { email, password: DEMO_PASSWORD, oneTimePassword } }))
        .signIn;
    let payload = await attempt();
    for (const code of codesNow()) {
      if (!payload.userErrors[0]?.code.startsWith('ONE_TIME_PASSWORD')) break;
      payload = await attempt(code);
    }
    const [refusal] = payload.userErrors;
    if (refusal) throw new Error(`${handle} cannot sign in: ${refusal.message}`);
    return {
      userId: payload.viewer.id,
      client: createGraphClient({
        url,
        token: payload.accessToken,
        retryAttempts: 5,
        sendsHashes: true,
      }),
    };
  } finally {
    await guest.close();
  }
}
