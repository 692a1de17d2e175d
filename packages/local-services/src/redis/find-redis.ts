import { installPackages } from '../supervisor/debian-packages.ts';
import { LocalServicesError, type ReportStep } from '../supervisor/messages.ts';
import { lastLine, runTool } from '../supervisor/run-tool.ts';

const BINARIES = ['redis-server', 'valkey-server'];

/** A Redis on this machine, installed where the system allows it. */
export async function findRedis(report: ReportStep): Promise<string> {
  const found = await onPath();
  if (found !== undefined) return found;
  const startedAt = performance.now();
  const refusal = await installPackages(['redis-server']);
  const installed = await onPath();
  if (installed === undefined) {
    throw new LocalServicesError(
      [
        'No Redis to use. Tried:',
        '  redis-server, valkey-server: not on the PATH',
        `  apt-get install redis-server: ${refusal ?? 'installed nothing usable'}`,
        'Install one of them, or run `docker compose up -d mongo redis` and set REDIS_URL.',
      ].join('\n'),
    );
  }
  report({
    name: 'Redis',
    detail: 'installed redis-server by apt-get',
    ms: performance.now() - startedAt,
  });
  return installed;
}

async function onPath(): Promise<string | undefined> {
  for (const binary of BINARIES) {
    const { ok, output } = await runTool(binary, ['--version']);
    if (ok && /server/i.test(lastLine(output))) return binary;
  }
  return undefined;
}
