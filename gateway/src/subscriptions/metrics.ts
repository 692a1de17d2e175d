import { Counter, Gauge, metrics } from '@vitrine/platform/metrics';
import type { Places } from './groups/places.ts';

export const groups = new Gauge({
  name: 'vitrine_gateway_subscription_groups',
  help: 'Groups of equal subscriptions.',
  registers: [metrics],
});

export const upstreams = new Gauge({
  name: 'vitrine_gateway_subscription_upstreams',
  help: 'Subscriptions at subgraphs: one for each group, and one for each client that catches up.',
  registers: [metrics],
});

export const rightsHeard = new Gauge({
  name: 'vitrine_gateway_rights_heard',
  help: 'Whether this gateway follows changes of rights: 1 yes, 0 not now; it reads what it missed later.',
  registers: [metrics],
});

export const rightsChanges = new Counter({
  name: 'vitrine_gateway_rights_changes_total',
  help: 'Changes of rights that were read, those of before the start included.',
  registers: [metrics],
});

const catchUps = new Set<Places>();

export const waitingCatchUps = new Gauge({
  name: 'vitrine_gateway_subscription_catch_ups_waiting',
  help: 'Clients that wait for their turn to catch up by an upstream of their own.',
  registers: [metrics],
  collect() {
    this.set([...catchUps].reduce((sum, { waiting }) => sum + waiting(), 0));
  },
});

/** Shows who waits, until the function it returns is called. */
export function watchCatchUps(places: Places): () => void {
  catchUps.add(places);
  return () => void catchUps.delete(places);
}

export const subscribers = new Gauge({
  name: 'vitrine_gateway_subscribers',
  help: 'Clients of the groups, by transport.',
  labelNames: ['transport'],
  registers: [metrics],
});

export const coalescedEvents = new Counter({
  name: 'vitrine_gateway_coalesced_events_total',
  help: 'Events that a newer one of their kind has replaced before a slow client could read them.',
  labelNames: ['transport'],
  registers: [metrics],
});

export const droppedEvents = new Counter({
  name: 'vitrine_gateway_dropped_events_total',
  help: 'Coalescible events that a very slow client was not told.',
  labelNames: ['transport'],
  registers: [metrics],
});

export const slowClients = new Counter({
  name: 'vitrine_gateway_slow_clients_closed_total',
  help: 'Connections closed because their client did not read.',
  labelNames: ['transport'],
  registers: [metrics],
});

export const refusedConnections = new Counter({
  name: 'vitrine_gateway_refused_connections_total',
  help: 'Connections that were refused or closed by a limit, by which.',
  labelNames: ['limit'],
  registers: [metrics],
});

export const sentEvents = new Counter({
  name: 'vitrine_gateway_events_total',
  help: 'Events of subscriptions, each counted once however many clients it goes to.',
  registers: [metrics],
});
