import { createGraphClient, type GraphClient } from '@vitrine/graph-client/graph-client';
import { DEMO_PASSWORD } from './world/people.ts';

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

/** Signs in somebody of the demo world, such as `buyer1`. Throws with the refusal when it is not there. */
export async function signIn(url: string, handle: string): Promise<DemoSession> {
  const guest = createGraphClient({ url, sendsHashes: true });
  try {
    const { signIn: payload } = await guest.run(SIGN_IN, {
      input: { email: `${handle}@demo.vitrine.example`, password: DEMO_PASSWORD },
    });
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
