/** Nothing of the gateway is switched off for the fuzzer, but its quotas: one client sends everything. */
export const FUZZ_ENV: Readonly<Record<string, string>> = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'error',
  QUOTAS: 'guest=1000000000:1000000000',
};
