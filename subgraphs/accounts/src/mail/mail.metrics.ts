import { Counter, metrics } from '@vitrine/platform/metrics';

export const mailsHandedIn = new Counter({
  name: 'vitrine_mails_total',
  help: 'Mails handed to the mail server, by outcome: sent, put off, or given up after a day.',
  labelNames: ['outcome'],
  registers: [metrics],
});
