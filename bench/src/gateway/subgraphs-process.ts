import { eventSource } from './graph/event-stream.ts';
import { grownGraph } from './graph/grown-graph.ts';
import { shopGraph } from './graph/shop-graph.ts';
import { answerOrders } from './orders.ts';
import { serveSynthetic } from './serve-subgraph.ts';

/* Every subgraph of the benchmark, each on a port of its own: one process, whose CPU nobody counts. */
const posted = eventSource();
const urls: Record<string, string> = {};
for (const subgraph of grownGraph(shopGraph(() => posted.stream()))) {
  urls[subgraph.name] = await serveSynthetic(subgraph);
}
answerOrders(posted);
process.send?.({ urls });
