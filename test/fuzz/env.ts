/** Nothing of the gateway is switched off for the fuzzer, but its quotas: one client sends everything. */
export const FUZZ_ENV: Readonly<Record<string, string>> = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'error',
  // Twice what its caches take when they are full: what leaks ends the process, and the run.
  NODE_OPTIONS: '--max-old-space-size=1024',
  QUOTAS: 'guest=1000000000:1000000000',
};
