import type { Server } from 'node:http';
import type { Logger } from '@vitrine/platform/logger';
import type { Closable } from '@vitrine/platform/shutdown';
import type { Authenticate } from '../authentication.ts';
import type { LoadShedder } from '../limits/load-shedding.ts';
import type { Admit } from '../requests/admission.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';
import type { UsageRecorder } from '../usage/usage-recorder.ts';
import { type ClientAddress, clientAddress } from './client-address.ts';
import { liveOperations } from './live.ts';
import { connectionCount, defaultLiveLimits, type LiveLimits } from './live-limits.ts';
import { liveProtocol } from './live-protocol.ts';
import { type ResultStreams, resultStreams } from './result-stream.ts';
import type { SessionRights } from './session-watch.ts';
import { defaultSlowClientPolicy, type SlowClientPolicy } from './slow-clients.ts';
import { serveSockets } from './websocket.ts';

/** What may be set of connections that stay open; the rest is as documented with the defaults. */
export interface LiveSettings {
  readonly limits?: Partial<LiveLimits>;
  readonly slowClients?: Partial<SlowClientPolicy>;
  /** Over how long clients are told to connect elsewhere when the gateway ends. */
  readonly drainMs?: number;
  /** Where a socket's client is; by default where its connection comes from. */
  readonly addressOf?: ClientAddress;
}

export interface LiveFrontParts {
  readonly server: Server;
  readonly admit: Admit;
  readonly subscriptions: Subscriptions;
  readonly usage: Pick<UsageRecorder, 'record'>;
  readonly authenticate: Authenticate;
  readonly shedder: LoadShedder;
  readonly rights: SessionRights;
  readonly logger: Logger;
  readonly settings?: LiveSettings;
}

export interface LiveFront extends Closable {
  /** For HTTP requests that ask for a stream. */
  readonly streams: Pick<ResultStreams, 'serve'>;
}

const DRAIN_MS = 3_000;

/** WebSockets, event streams and multipart answers over one engine of subscriptions. */
export function openLiveFront(parts: LiveFrontParts): LiveFront {
  const { server, subscriptions, authenticate, rights, logger, settings = {} } = parts;
  const { drainMs = DRAIN_MS, addressOf = clientAddress([]) } = settings;
  const limits = { ...defaultLiveLimits, ...settings.limits };
  const slowClients = { ...defaultSlowClientPolicy, ...settings.slowClients };
  const operations = liveOperations(parts);
  const count = connectionCount(limits);
  const streams = resultStreams({ operations, rights, count, slowClients, drainMs });
  const connect = liveProtocol({
    operations,
    authenticate,
    rights,
    count,
    limits,
    slowClients,
    logger,
  });
  const sockets = serveSockets({
    server,
    connect,
    count,
    limits,
    drainMs,
    shedder: parts.shedder,
    logger,
    addressOf,
  });
  return {
    streams,
    async close() {
      operations.drain();
      await Promise.all([sockets.close(), streams.close()]);
      subscriptions.close();
    },
  };
}
