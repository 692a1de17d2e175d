import { argon2Passwords } from '@vitrine/accounts/people/password.argon2';
import { DEMO_PASSWORD } from '@vitrine/demo/world/people';
import { createGraphClient, type GraphClient } from '@vitrine/graph-client/graph-client';
import { openBenchWorld } from '../bench-world.ts';
import { cpuMsOf } from '../cpu.ts';
import { type BenchResult, median } from '../figures.ts';

const ROUNDS = 4;
const AT_ONCE = 16;
const HASHES = 40;
/** Fewer in all than an address may fail before it has to wait. */
const FAILURES = 40;

const SIGN_IN = /* GraphQL */ `
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      accessToken
      userErrors { ... on UserError { code } }
    }
  }
`;

/**
 * Buyers of the demo world sign in through the graph, 16 at a time, against the whole platform in
 * process; then wrong passwords of known and unknown addresses, one at a time and in turn; then
 * argon2 alone. Fails when a right password is refused, or a wrong one is not.
 */
export async function benchSignIn(say: (line: string) => void): Promise<BenchResult> {
  const bench = await openBenchWorld();
  try {
    const platform = await bench.start('in-process');
    const client = createGraphClient({ url: platform.url });
    const { pid } = platform.process('gateway');
    if (pid === undefined) throw new Error('the gateway has ended');
    const emails = bench.world.buyers.map(({ email }) => email);

    await signInAll(client, emails.slice(0, AT_ONCE));
    say(`${emails.length * ROUNDS} sign-ins`);
    const cpuBefore = cpuMsOf(pid);
    const start = performance.now();
    for (let round = 0; round < ROUNDS; round += 1) await signInAll(client, emails);
    const seconds = (performance.now() - start) / 1_000;
    const cpu = cpuMsOf(pid) - cpuBefore;

    say(`${2 * FAILURES} wrong passwords`);
    const known: number[] = [];
    const unknown: number[] = [];
    for (let n = 0; n < FAILURES; n += 1) {
      known.push(await failure(client, emails[n] ?? ''));
      unknown.push(await failure(client, `nobody${n}@demo.vitrine.example`));
    }
    await client.close();
    const hashCpu = await cpuOfHash();
    const count = emails.length * ROUNDS;
    return {
      name: 'sign-in',
      figures: [
        { label: `sign-ins, ${AT_ONCE} at a time`, value: count / seconds, unit: 'sign-ins/s' },
        {
          label: 'CPU of the gateway with accounts in it',
          value: cpu / count,
          unit: 'CPU ms/sign-in',
        },
        { label: 'of which argon2, measured alone', value: hashCpu, unit: 'CPU ms/sign-in' },
        { label: 'wrong password of a known address, median', value: median(known), unit: 'ms' },
        { label: 'of an unknown address, median', value: median(unknown), unit: 'ms' },
      ],
    };
  } finally {
    await bench.stop();
  }
}

async function signInAll(client: GraphClient, emails: readonly string[]): Promise<void> {
  const waiting = [...emails];
  const work = async () => {
    for (let email = waiting.pop(); email !== undefined; email = waiting.pop()) {
      const { signIn } = await client.run(SIGN_IN, { input: { email, password: DEMO_PASSWORD } });
      if (!signIn.accessToken) throw new Error(`${email}: ${JSON.stringify(signIn.userErrors)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function failure(client: GraphClient, email: string): Promise<number> {
  const start = performance.now();
  const { signIn } = await client.run(SIGN_IN, { input: { email, password: 'battery staple' } });
  const code = signIn.userErrors[0]?.code;
  if (code !== 'INVALID_CREDENTIALS') throw new Error(`${email} was answered with ${code}`);
  return performance.now() - start;
}

async function cpuOfHash(): Promise<number> {
  const hash = await argon2Passwords.hash(DEMO_PASSWORD);
  const before = process.cpuUsage();
  for (let n = 0; n < HASHES; n += 1) await argon2Passwords.isRight(DEMO_PASSWORD, hash);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / HASHES;
}
