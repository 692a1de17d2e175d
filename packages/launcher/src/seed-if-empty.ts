import type { Servers, Step } from './launch.ts';

/** Makes the demo world where there is none, and says so; a world cut short by a kill is made anew. */
export async function seedIfEmpty(servers: Servers, onStep: (step: Step) => void): Promise<void> {
  const { worldState } = await import('@vitrine/demo/seed/world-state');
  if ((await worldState(servers)) === 'complete') return;
  const start = performance.now();
  // Only now: it loads every subgraph, which a warm start has no need of.
  const { seedDemo } = await import('@vitrine/demo/seed/seed-demo');
  const detail = await seedDemo(servers);
  onStep({ name: 'demo world', detail, ms: performance.now() - start });
}
