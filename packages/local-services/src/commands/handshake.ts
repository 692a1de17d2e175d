import type { Document } from 'bson';
import { MAX_MESSAGE_BYTES } from '../wire/message.ts';
import type { Command, CommandHandler } from './command.ts';
import { CommandError } from './command-error.ts';

/** Name of the one-node replica set: drivers use transactions and retryable writes only on one. */
export const REPLICA_SET = 'rs0';

const VERSION = [7, 0, 0, 0] as const;
const WIRE_VERSION = 21;

/** Commands about the server itself, answered without the database. */
export function serverCommands(address: string, now: () => Date): Record<string, CommandHandler> {
  const hello: CommandHandler = ({ document, connectionId }) =>
    helloReply({ address, now: now(), isLegacy: document['hello'] === undefined, connectionId });
  return {
    hello,
    isMaster: hello,
    ismaster: hello,
    ping: () => ({ ok: 1 }),
    buildInfo,
    buildinfo: buildInfo,
    connectionStatus: () => ({
      authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] },
      ok: 1,
    }),
    getParameter,
  };
}

/**
 * A primary of a one-node replica set. No `topologyVersion`: with one, drivers would hold a
 * streaming `hello` open, which needs a second message flow; without, they poll.
 */
function helloReply(server: {
  address: string;
  now: Date;
  isLegacy: boolean;
  connectionId: number;
}): Document {
  return {
    ...(server.isLegacy ? { ismaster: true, helloOk: true } : { isWritablePrimary: true }),
    setName: REPLICA_SET,
    setVersion: 1,
    secondary: false,
    hosts: [server.address],
    primary: server.address,
    me: server.address,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: 25_000,
    localTime: server.now,
    logicalSessionTimeoutMinutes: 30,
    connectionId: server.connectionId,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
    ok: 1,
  };
}

function buildInfo(): Document {
  return {
    version: VERSION.slice(0, 3).join('.'),
    versionArray: [...VERSION],
    gitVersion: 'documentdb',
    modules: [],
    maxBsonObjectSize: 16_777_216,
    ok: 1,
  };
}

function getParameter({ document }: Command): Document {
  if (document['featureCompatibilityVersion'] !== undefined) {
    return { featureCompatibilityVersion: { version: '7.0' }, ok: 1 };
  }
  throw new CommandError({
    code: 72,
    codeName: 'InvalidOptions',
    message: 'no option found to get',
  });
}
