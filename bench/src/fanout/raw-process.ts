import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { serverFrame } from './frames.ts';

/* Writes one prebuilt frame per event to every socket: no execution, no serialisation, no framing. */
const frame = serverFrame('x'.repeat(Number(process.argv[2])));
const server = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  perMessageDeflate: false,
});
const sockets: Socket[] = [];
server.on('connection', (_socket, request) => void sockets.push(request.socket));
server.on('listening', () => {
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  process.send?.({ url: `ws://127.0.0.1:${port}/` });
});
process.on('message', () => {
  for (const socket of sockets) socket.write(frame);
});
process.on('disconnect', () => process.exit());
