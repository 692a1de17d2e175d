import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { installPackages, whyNoPackages } from '../supervisor/debian-packages.ts';
import { waitForLock } from '../supervisor/exclusive-lock.ts';
import type { ReportStep } from '../supervisor/messages.ts';
import { lastLine, runTool } from '../supervisor/run-tool.ts';
import { MAKE_TEMPLATE } from './template.ts';

const SUITE = 'testing';
const PACKAGE = 'postgresql-18-documentdb';
const PARTIAL = '.partial-';
const PROBE_MS = 5_000;

/** A small Debian with PostgreSQL and DocumentDB in it, shared by all checkouts of this user. */
export interface DocumentdbInstallation {
  readonly root: string;
}

export type Installed =
  | { readonly installation: DocumentdbInstallation; readonly refusal?: undefined }
  | { readonly installation?: undefined; readonly refusal: string };

function installationRoot(): string {
  return join(homedir(), '.cache', 'vitrine', 'documentdb');
}

export function isDocumentdbInstalled(): boolean {
  return existsSync(installationRoot());
}

/**
 * The installation, made first where it is missing (about a minute, 750 MB). It is built beside
 * its place and renamed into it, so that it is whole wherever it exists; of several starters one
 * builds and the others wait.
 */
export async function installDocumentdb(
  report: ReportStep,
  signal: AbortSignal,
): Promise<Installed> {
  const refusal = await whyNoPackages();
  if (refusal !== undefined) return { refusal };
  const root = installationRoot();
  if (existsSync(root)) return { installation: { root } };

  await mkdir(dirname(root), { recursive: true });
  let isToldToWait = false;
  const lock = await waitForLock(`${root}.lock`, 'installing', () => {
    signal.throwIfAborted();
    if (isToldToWait) return;
    isToldToWait = true;
    report({ name: 'MongoDB', detail: 'waiting for another start to install DocumentDB', ms: 0 });
  });
  try {
    if (existsSync(root)) return { installation: { root } };
    const startedAt = performance.now();
    report({ name: 'MongoDB', detail: 'installing DocumentDB, about a minute, once', ms: 0 });
    const failure = await build(root, signal);
    if (failure !== undefined) return { refusal: failure };
    const ms = performance.now() - startedAt;
    report({ name: 'MongoDB', detail: 'installed DocumentDB', ms });
    return { installation: { root } };
  } finally {
    lock.release();
  }
}

/** Builds into `root`; the reason in one line when that fails. */
async function build(root: string, signal: AbortSignal): Promise<string | undefined> {
  await removeUnfinished(root);
  const hasDebootstrap = (await runTool('debootstrap', ['--version'])).ok;
  if (!hasDebootstrap) {
    const refusal = await installPackages(['debootstrap', 'debian-archive-keyring']);
    if (refusal !== undefined) return `apt-get install debootstrap: ${refusal}`;
  }
  const mirror = await debianMirror();
  const proxy = await proxySettings();
  const unreachable =
    mirror === null || proxy.length > 0 ? undefined : await whyUnreachable(mirror);
  if (unreachable !== undefined) return unreachable;

  // A name of its own: a build whose supervisor was killed may still be writing to another.
  const partial = `${root}${PARTIAL}${process.pid}`;
  const debootstrap = ['debootstrap', '--variant=minbase', `--include=${PACKAGE}`];
  const place = [SUITE, partial, ...(mirror === null ? [] : [mirror])];
  const made = await runTool('env', [...proxy, ...debootstrap, ...place], { signal });
  if (!made.ok) return `debootstrap: ${lastLine(made.output)}`;
  await rm(join(partial, 'var/cache/apt/archives'), { recursive: true, force: true });
  await rm(join(partial, 'var/lib/apt/lists'), { recursive: true, force: true });

  const user = '--userspec=postgres:postgres';
  const template = await runTool('chroot', [user, partial, 'sh', '-c', MAKE_TEMPLATE], { signal });
  if (!template.ok) return `preparing an empty database: ${lastLine(template.output)}`;
  await rename(partial, root);
  return undefined;
}

/** What a killed build left, its mounts of /proc and /sys first. */
async function removeUnfinished(root: string): Promise<void> {
  const unfinished = (await readdir(dirname(root)))
    .map((name) => join(dirname(root), name))
    .filter((path) => path.startsWith(`${root}${PARTIAL}`));
  for (const path of unfinished) {
    for (const mount of ['proc', 'sys']) {
      const point = join(path, mount);
      while ((await runTool('mountpoint', ['-q', point])).ok) {
        if (!(await runTool('umount', ['-l', point])).ok) break;
      }
    }
    await runTool('rm', ['-rf', '--one-file-system', path]);
  }
}

/**
 * The mirror this machine takes its own packages from, which may be the only one it reaches; null
 * where they are not Debian's, and debootstrap takes its own default.
 */
async function debianMirror(): Promise<string | null> {
  const targets = await runTool('apt-get', [
    'indextargets',
    '--format',
    '$(ORIGIN) $(REPO_URI)',
    'Created-By: Packages',
  ]);
  const debian = /^Debian (\S+\/debian\/?)$/m.exec(targets.output);
  return debian?.[1] ?? null;
}

/** Found out in seconds; debootstrap itself would wait and retry for many minutes. */
async function whyUnreachable(mirror: string): Promise<string | undefined> {
  const release = `${mirror.replace(/\/$/, '')}/dists/${SUITE}/InRelease`;
  try {
    const { status } = await fetch(release, {
      method: 'HEAD',
      signal: AbortSignal.timeout(PROBE_MS),
    });
    return status === 200 ? undefined : `${release} answers ${status}`;
  } catch {
    return `${release} is out of reach`;
  }
}

/** apt's proxy, which debootstrap's own downloads would not use. */
async function proxySettings(): Promise<string[]> {
  const dump = await runTool('apt-config', ['dump', 'Acquire::http::Proxy']);
  const proxy = /^Acquire::http::Proxy "(.+)";$/m.exec(dump.output)?.[1];
  return proxy === undefined ? [] : [`http_proxy=${proxy}`];
}
