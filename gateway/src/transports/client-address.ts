import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';

/** The IP address a request comes from; empty where its connection is gone already. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * Reads `X-Forwarded-For` from its end, as far as trusted proxies wrote it: the first address that is
 * none of theirs is the client's. Anybody can send the header, so without trusted proxies it counts
 * for nothing. An entry that is no address is not believed, nor what stands before it.
 */
export function clientAddress(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  return (request) => {
    const ofSocket = request.socket.remoteAddress ?? '';
    if (trustedProxies.length === 0 || ofSocket === '') return ofSocket;
    const address = proxyAddr(request, isTrusted);
    return isIP(address) === 0 ? ofSocket : address;
  };
}
