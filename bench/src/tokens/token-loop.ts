import { randomBytes } from 'node:crypto';
import { authenticator } from '@vitrine/gateway/authentication';
import { rightsMemory } from '@vitrine/gateway/subscriptions/rights-memory';
import { appTokens } from '@vitrine/platform/app-tokens';
import type { Redis } from '@vitrine/platform/redis';
import { accessTokens } from '@vitrine/platform/viewer';
import { TOKEN_SECRET, viewerOf } from '../bench-world.ts';
import { type Figure, minimum } from '../figures.ts';

const ROUNDS = 5;
const TOKENS = 2_000;
const CACHED = 500_000;
const AT_ONCE = 16;
/** Of whom a change of rights was told lately; nobody here is one of them, and each is looked for. */
const TOLD = 50_000;

/**
 * What the check of a token costs by itself, CPU of all threads of the process: at its first sight,
 * and again while it is known. Opaque ones are asked for in Redis at their first sight.
 */
export async function tokenLoop(redis: Redis, namespace: string): Promise<readonly Figure[]> {
  const tokens = accessTokens(TOKEN_SECRET);
  const opaque = appTokens(redis, namespace);
  const expiresAt = new Date(Date.now() + 600_000);
  const made: Readonly<Record<string, readonly string[]>> = {
    JWT: await each(TOKENS, (at) => tokens.sign(viewerOf(`usr_${at}`))),
    opaque: await each(TOKENS, async (at) => {
      const token = randomBytes(32).toString('base64url');
      await opaque.put(token, viewerOf(`usr_${at}`, { appId: 'app_bench' }), expiresAt);
      return token;
    }),
  };
  const open = () => {
    const rights = rightsMemory();
    for (let at = 0; at < TOLD; at += 1) {
      rights.note({ kind: 'ENDED', userId: `usr_told_${at}`, sessionId: 'ses_1', at: Date.now() });
    }
    return authenticator({ tokens, appTokens: opaque, rights });
  };

  const figures: Figure[] = [];
  for (const [kind, own] of Object.entries(made)) {
    const headers = own.map((token) => `Bearer ${token}`);
    const first: number[] = [];
    const again: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const authenticate = open();
      first.push(await cpuMsOf(TOKENS, () => each(TOKENS, (at) => authenticate(headers[at]))));
      again.push(
        await cpuMsOf(CACHED, async () => {
          for (let at = 0; at < CACHED; at += 1) await authenticate(headers[at % TOKENS]);
        }),
      );
    }
    figures.push(
      { label: `${kind}, first sight`, value: minimum(first), unit: 'CPU ms/token' },
      { label: `${kind}, known`, value: minimum(again), unit: 'CPU ms/token' },
    );
  }
  return figures;
}

/** So many at once as connections of a client keep a gateway busy. */
async function each<Made>(count: number, make: (at: number) => Promise<Made>): Promise<Made[]> {
  const all: Made[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < count; at = next++) all[at] = await make(at);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return all;
}

async function cpuMsOf(count: number, work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / count;
}
