import { readFileSync } from 'node:fs';

/** Linux counts CPU time in ticks of 10 ms, whatever the machine (`getconf CLK_TCK`). */
const MS_PER_TICK = 10;

/** User and system time a process has used so far, in milliseconds. Throws when it does not exist. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the process is in brackets and may hold anything; what counts comes after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** CPU time that processes use while work is done, in milliseconds. */
export async function cpuDuring(
  pids: readonly number[],
  work: () => Promise<unknown>,
): Promise<number[]> {
  const before = pids.map(cpuMsOf);
  await work();
  return pids.map((pid, index) => cpuMsOf(pid) - (before[index] ?? 0));
}
