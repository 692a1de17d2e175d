import type { Data } from '@vitrine/graph-client/graph-client';

export type Ask = (document: string, variables?: Data, token?: string) => Promise<Data>;

/** Asks a platform's public graph, as anybody outside does. Throws with the first error's words. */
export const asking =
  (origin: string): Ask =>
  async (query, variables = {}, token) => {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'apollographql-client-name': 'app-new',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    }).catch((error: unknown) => {
      throw new Error(`no platform answers at ${origin}; start one with npm start`, {
        cause: error,
      });
    });
    // What a GraphQL server answers; anything else is told as it is.
    const { data, errors } = (await response.json()) as {
      readonly data?: Data | null;
      readonly errors?: readonly { readonly message: string }[];
    };
    if (errors?.[0] || !data) throw new Error(errors?.[0]?.message ?? `HTTP ${response.status}`);
    return data;
  };

/** The payload of a mutation, once it has refused nothing. */
export function accepted(payload: Data): Data {
  const refusals: readonly { readonly message: string }[] = payload['userErrors'];
  if (refusals.length > 0) throw new Error(refusals.map(({ message }) => message).join(' '));
  return payload;
}

const LONGEST_WAIT_MS = 60_000;
const PAUSE_MS = 250;

/** Asks again until there is an answer; what follows from a fact comes within moments. */
export async function awaited<Value>(
  what: string,
  look: () => Promise<Value | null>,
): Promise<Value> {
  const end = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > end) {
      throw new Error(`${what} did not come within a minute; are the workers running?`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
