import type { Servers, Step } from './launch.ts';

/**
 * Drops a demo world that a kill cut short, so that it is made anew. Comes before any process of the
 * platform, since it takes the indexes with it.
 */
export async function dropHalfWorld(servers: Servers): Promise<void> {
  const { worldState } = await import('@vitrine/demo/seed/world-state');
  if ((await worldState(servers)) !== 'making') return;
  const { dropPlatform } = await import('@vitrine/demo/seed/drop-platform');
  await dropPlatform(servers);
}

/** Makes the demo world where there is none, and says what was made; answers whether it did. */
export async function seedIfEmpty(
  servers: Servers,
  onStep: (step: Step) => void,
): Promise<boolean> {
  const { worldState } = await import('@vitrine/demo/seed/world-state');
  if ((await worldState(servers)) === 'complete') return false;
  const start = performance.now();
  // Only now: it loads every subgraph, which a warm start has no need of.
  const { seedDemo } = await import('@vitrine/demo/seed/seed-demo');
  const detail = await seedDemo(servers);
  onStep({ name: 'demo world', detail, ms: performance.now() - start });
  return true;
}
