import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunningPlatform } from './launch.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const SETTLE_MS = 200;

/**
 * Restarts every process of the platform when a source changes; editors write in bursts, so it waits
 * for a short silence first. The servers and their data stay.
 */
export function watchSources(platform: RunningPlatform, say: (line: string) => void): void {
  let timer: NodeJS.Timeout | undefined;
  const restart = (file: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      say(`${file} changed; restarting`);
      void Promise.all(platform.processes.map((child) => child.kill()))
        .then(() => Promise.all(platform.processes.map((child) => child.ready())))
        .then(() => say('ready again'))
        .catch((error: unknown) => say(String(error)));
    }, SETTLE_MS);
  };
  for (const folder of ['gateway', 'subgraphs', 'packages', 'schema']) {
    watch(`${root}${folder}`, { recursive: true }, (_event, file) => {
      if (file && /\.(ts|graphql|json)$/.test(file) && !file.includes('.test.')) {
        restart(`${folder}/${file}`);
      }
    });
  }
}
