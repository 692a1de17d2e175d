import { readFile } from 'node:fs/promises';
import { lastLine, runTool } from './run-tool.ts';

/** Why packages cannot be installed here, or undefined when they can. */
export async function whyNoPackages(): Promise<string | undefined> {
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!/^ID(_LIKE)?=.*(debian|ubuntu)/m.test(system)) return 'this is not Debian or Ubuntu';
  return process.getuid?.() === 0 ? undefined : 'the user is not root';
}

/**
 * Installs packages of the distribution; the reason in one line when that fails. It is never broken
 * off half-way, which would leave the machine's package database to be repaired by hand; another
 * installation under way is waited for.
 */
export async function installPackages(packages: readonly string[]): Promise<string | undefined> {
  const refusal = await whyNoPackages();
  if (refusal !== undefined) return refusal;
  const install = () => runTool('sh', ['-c', INSTALL, 'install', ...packages]);
  const first = await install();
  if (first.ok) return undefined;
  const update = await runTool('apt-get', ['update', '-q']);
  if (!update.ok) return lastLine(update.output);
  const second = await install();
  return second.ok ? undefined : lastLine(second.output);
}

/**
 * A server among the packages is not started: `policy-rc.d` is the distribution's own way to say so,
 * written for the time of the installation unless the machine has one. A service the package
 * enables is disabled again: nobody asked for a server at every boot.
 */
const INSTALL = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT INT TERM
fi
DEBIAN_FRONTEND=noninteractive apt-get install -y -q \\
  -o DPkg::Lock::Timeout=300 --no-install-recommends "$@"
for package in "$@"; do
  if [ -d /run/systemd/system ] && systemctl list-unit-files "$package.service" >/dev/null 2>&1; then
    systemctl disable "$package.service" >/dev/null 2>&1 || true
  fi
done
`;
