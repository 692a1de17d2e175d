import { accessTokens, type Viewer } from '@vitrine/platform/viewer';
import type { TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { seedAccounts } from '../seed.ts';

export const PASSWORD = 'correct horse';
export const EMAIL = 'ann@example.com';
export const ANN = aViewer().userId;

/** Ann, who has an account with `EMAIL` and `PASSWORD`. */
export async function seedAnn(
  subgraph: TestSubgraph,
  overrides: Partial<Parameters<typeof seedAccounts>[1][number]> = {},
): Promise<void> {
  await seedAccounts(
    subgraph.services,
    [
      {
        userId: ANN,
        email: EMAIL,
        displayName: 'Ann',
        handle: 'ann',
        roles: ['BUYER'],
        ...overrides,
      },
    ],
    { password: PASSWORD },
  );
}

const ERRORS = `userErrors {
  ... on UserError {
    __typename code path retryable
    ... on TooManyAttemptsError { retryAfterSeconds }
  }
}`;

/** Calls a mutation that takes an input and answers with `fields` and its user errors. */
export async function call(
  subgraph: TestSubgraph,
  mutation: string,
  input: Record<string, unknown>,
  {
    fields = '',
    viewer = null,
  }: { readonly fields?: string; readonly viewer?: Viewer | null } = {},
) {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const { data, errors } = await subgraph.execute(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${fields} ${ERRORS} } }`,
    { input },
    viewer,
  );
  if (errors) throw errors[0];
  const payload = data?.[mutation];
  return { ...payload, codes: payload.userErrors.map(({ code }: { code: string }) => code) };
}

const TOKENS = 'accessToken refreshToken viewer { id email }';

export const signIn = (subgraph: TestSubgraph, input: Record<string, unknown> = {}) =>
  call(subgraph, 'signIn', { email: EMAIL, password: PASSWORD, ...input }, { fields: TOKENS });

export const refresh = (subgraph: TestSubgraph, refreshToken: string) =>
  call(subgraph, 'refreshSession', { refreshToken }, { fields: TOKENS });

export const verify = (subgraph: TestSubgraph, token: string) =>
  call(subgraph, 'verifyEmail', { token }, { fields: TOKENS });

/** Whom an access token stands for, as the gateway would say. */
export const viewerOf = (subgraph: TestSubgraph, accessToken: string): Promise<Viewer> =>
  accessTokens(subgraph.services.env.TOKEN_SECRET).verify(accessToken);

/** Signs in and tells as whom. */
export async function signedIn(subgraph: TestSubgraph, input: Record<string, unknown> = {}) {
  const { accessToken, refreshToken, codes } = await signIn(subgraph, input);
  if (!accessToken) throw new Error(codes.join());
  return { viewer: await viewerOf(subgraph, accessToken), refreshToken: String(refreshToken) };
}
