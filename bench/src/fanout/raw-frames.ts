import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { WebSocketServer } from 'ws';

/* Writes one prebuilt frame per event to every socket: no execution, no serialisation, no framing. */
const BYTES = 300;

const payload = Buffer.from(
  JSON.stringify({ id: '1', type: 'next', payload: 'raw' }).padEnd(BYTES),
);
// An unmasked text frame of 126 to 65,535 bytes: opcode 0x81, length marker 126, two bytes of length.
const frame = Buffer.concat([
  Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]),
  payload,
]);

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
const sockets: Socket[] = [];
server.on('connection', (_socket, request) => void sockets.push(request.socket));
server.on('listening', () => {
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  process.send?.(`ws://127.0.0.1:${port}/`);
});
process.on('message', async (events) => {
  for (let event = 0; event < Number(events); event += 1) {
    for (const socket of sockets) socket.write(frame);
    await turn();
  }
});
