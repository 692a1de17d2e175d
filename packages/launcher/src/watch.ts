import { execFile } from 'node:child_process';
import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { RunningPlatform } from './launch.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const SETTLE_MS = 200;

/** Composed files follow from the others: writing them is no change to act on. */
const isSource = (file: string): boolean =>
  /\.(ts|graphql|json)$/.test(file) &&
  !file.includes('.test.') &&
  !/^(supergraph|public)\.graphql$/.test(file);

/**
 * Restarts every process of the platform when a source changes, and composes the graph anew when its
 * contract does; a graph that does not compose is told and changes nothing. Editors write in bursts,
 * so it waits for a short silence first. The servers and their data stay.
 */
export function watchSources(platform: RunningPlatform, say: (line: string) => void): void {
  let timer: NodeJS.Timeout | undefined;
  let hasNewContract = false;

  async function restart(file: string): Promise<void> {
    say(`${file} changed; restarting`);
    if (hasNewContract) {
      hasNewContract = false;
      await promisify(execFile)(process.execPath, [`${root}schema/src/compose.ts`], { cwd: root });
    }
    await Promise.all(platform.processes.map((child) => child.kill()));
    await Promise.all(platform.processes.map((child) => child.ready()));
    say('ready again');
  }

  for (const folder of ['gateway', 'subgraphs', 'packages', 'schema']) {
    watch(`${root}${folder}`, { recursive: true }, (_event, file) => {
      if (!file || !isSource(file)) return;
      hasNewContract ||= file.endsWith('.graphql');
      clearTimeout(timer);
      timer = setTimeout(() => {
        restart(`${folder}/${file}`).catch((error: unknown) =>
          say(error instanceof Error ? error.message : String(error)),
        );
      }, SETTLE_MS);
    });
  }
}
