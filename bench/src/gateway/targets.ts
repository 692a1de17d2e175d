import type { Target } from '../figures.ts';

/** What the gateway is to reach; figures are CPU ms per request by label. */
export function targetsOf(cpuOf: (label: string) => number | undefined): readonly Target[] {
  const inProcess = cpuOf('Vitrine in process');
  const http = cpuOf('Vitrine HTTP');
  const grafbase = cpuOf('Grafbase');
  const hive = cpuOf('Hive Gateway');
  const compare = (
    a: number | undefined,
    b: number | undefined,
    test: (a: number, b: number) => boolean,
  ) => (a === undefined || b === undefined ? null : test(a, b));
  return [
    { text: 'in process at most 0.20 ms', isReached: compare(inProcess, 0.2, (a, b) => a <= b) },
    {
      text: 'in process at most a third of Grafbase',
      isReached: compare(inProcess, grafbase, (a, b) => a <= b / 3),
    },
    {
      text: 'in process at most a 15th of Hive Gateway',
      isReached: compare(inProcess, hive, (a, b) => a <= b / 15),
    },
    { text: 'HTTP at most 0.45 ms', isReached: compare(http, 0.45, (a, b) => a <= b) },
    { text: 'HTTP below Grafbase', isReached: compare(http, grafbase, (a, b) => a < b) },
  ];
}
