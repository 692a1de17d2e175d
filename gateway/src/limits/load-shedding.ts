import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import type { Closable } from '@vitrine/platform/shutdown';
import type { FastifyInstance } from 'fastify';
import type { GraphQLError } from 'graphql';
import { gatewayError } from '../errors.ts';
import { countRefusal, eventLoopDelay } from './limit-metrics.ts';

/** Tells how late the event loop was, on average since it was last asked. */
export interface DelayMeter extends Closable {
  read(): number;
}

export interface LoadShedderOptions {
  /** The average delay of an interval, in milliseconds, from which on new work is refused. */
  readonly maxDelayMs?: number;
  readonly intervalMs?: number;
  readonly meter?: DelayMeter;
}

export interface LoadShedder extends Closable {
  /** Whether the last interval was so late that what comes now would only wait with the rest. */
  readonly isOverloaded: boolean;
  readonly delayMs: number;
}

/**
 * Watches the event loop. With more work than it can do, a process that takes everything answers
 * nothing in time; one that refuses at once serves what it has begun, and clients go elsewhere.
 *
 * `@fastify/under-pressure` measures the same way, but only for requests of a Fastify instance as a
 * whole: sockets need the same verdict, and probes must be answered while clients are refused.
 */
export function openLoadShedder({
  maxDelayMs = 1_000,
  intervalMs = 500,
  meter = loopMeter(),
}: LoadShedderOptions = {}): LoadShedder {
  let delayMs = 0;
  const timer = setInterval(() => {
    delayMs = meter.read();
    eventLoopDelay.set(delayMs / 1_000);
  }, intervalMs).unref();
  return {
    get isOverloaded() {
      return delayMs > maxDelayMs;
    },
    get delayMs() {
      return delayMs;
    },
    async close() {
      clearInterval(timer);
      await meter.close();
    },
  };
}

const RESOLUTION_MS = 20;

/** The mean, not the maximum: one long pause of the collector is no overload. */
function loopMeter(): DelayMeter {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let readAt = performance.now();
  return {
    read() {
      const passed = performance.now() - readAt;
      readAt += passed;
      // Timers can keep each other going without one turn of the loop.
      if (histogram.count === 0) return passed;
      // A sample is the time between two ticks, of which the resolution is by intent.
      const delay = histogram.mean / 1e6 - RESOLUTION_MS;
      histogram.reset();
      return Math.max(0, delay);
    },
    async close() {
      histogram.disable();
    },
  };
}

/** A second later the next interval has been measured. */
export const OVERLOADED_HEADERS: Readonly<Record<string, string>> = { 'retry-after': '1' };

export const overloaded = (): GraphQLError =>
  gatewayError('OVERLOADED', 'The server has more to do than it can; try again in a second.');

/**
 * Answers 503 to what comes under `/graphql` while the process is overloaded, before a body is read.
 * Health, readiness and metrics are answered always.
 */
export function shedRequests(app: FastifyInstance, shedder: LoadShedder): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!shedder.isOverloaded || !/^\/graphql(?:[/?]|$)/.test(request.url)) return;
    const error = overloaded();
    countRefusal([error]);
    return reply
      .code(503)
      .headers(OVERLOADED_HEADERS)
      .send({ errors: [error.toJSON()] });
  });
}

const UPGRADE_REFUSAL = [
  'HTTP/1.1 503 Service Unavailable',
  ...Object.entries(OVERLOADED_HEADERS).map(([name, value]) => `${name}: ${value}`),
  'connection: close',
  '',
  '',
].join('\r\n');

/** Answers an `upgrade` with 503 where the process is overloaded. True where it has done so. */
export function shedUpgrade(socket: Duplex, shedder: LoadShedder): boolean {
  if (!shedder.isOverloaded) return false;
  countRefusal([overloaded()]);
  socket.end(UPGRADE_REFUSAL);
  return true;
}
