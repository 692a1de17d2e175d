import { readEnv } from '@vitrine/platform/env';
import { openLogger } from '@vitrine/platform/logger';
import { endOnSignal } from '@vitrine/platform/shutdown';
import { HUMAN_PACE, play } from './player.ts';

/* The demo room's audience, as a process of its own beside the platform: a client like any other. */
const env = readEnv();
const logger = openLogger(env, 'player');
const url = process.argv[2] ?? `http://localhost:${env.PORT}/graphql`;
const ending = new AbortController();

const playing = play({
  url,
  market: 'GB',
  handles: Array.from({ length: 12 }, (_, index) => `buyer${6 + index * 5}`),
  pace: HUMAN_PACE,
  seed: Date.now(),
  logger,
  signal: ending.signal,
});
endOnSignal(async () => {
  ending.abort();
  await playing;
}, logger);
process.send?.({ ready: 'player' });
await playing;
