import { readFileSync } from 'node:fs';
import mercuriusGateway from '@mercuriusjs/gateway';
import Fastify from 'fastify';

/*
 * The mercurius gateway as its documentation sets it up, with subscriptions:
 * `node mercurius.mjs <services.json> <port>`, the first a list of `{ name, url, wsUrl }`.
 */
const [, , services, port] = process.argv;
const app = Fastify();
await app.register(mercuriusGateway, {
  subscription: true,
  jit: 1,
  gateway: { services: JSON.parse(readFileSync(services, 'utf8')) },
});
await app.listen({ port: Number(port), host: '127.0.0.1' });
