import { Counter, metrics } from '@vitrine/platform/metrics';

/** A rise says that somebody guesses, or fills mailboxes. */
export const attemptsRefused = new Counter({
  name: 'vitrine_accounts_attempts_refused_total',
  help: 'Attempts to sign in and the like that were refused since too many came before, by kind.',
  labelNames: ['kind'],
  registers: [metrics],
});

export const attemptsCountedAlone = new Counter({
  name: 'vitrine_accounts_attempts_counted_alone_total',
  help: 'Attempts that a process counted by itself, since Redis was away.',
  registers: [metrics],
});
