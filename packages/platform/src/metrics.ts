import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** One registry per process, served at `/metrics`. */
export const metrics = new Registry();

collectDefaultMetrics({ register: metrics });

/** Seconds a job or a fact took, by queue and outcome (`done`, `failed`). */
export const jobDuration = new Histogram({
  name: 'vitrine_job_duration_seconds',
  help: 'How long jobs and facts take to work.',
  labelNames: ['queue', 'outcome'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  registers: [metrics],
});

export { Counter, Gauge, Histogram };
