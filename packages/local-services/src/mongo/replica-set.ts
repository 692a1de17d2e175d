import type { Document } from 'bson';
import { sendCommand } from '../wire/send-command.ts';

/**
 * True once the server at `port` is the primary of its set of one. The set is made on the first
 * start, and given its new address on a later one, whose port is another.
 */
export async function ensureReplicaSet(port: number): Promise<boolean> {
  const host = `127.0.0.1:${port}`;
  const hello = await sendCommand(port, { hello: 1 });
  if (hello['isWritablePrimary'] === true && hello['me'] === host) return true;
  const current = await sendCommand(port, { replSetGetConfig: 1 });
  const config: Document | undefined = current['config'];
  if (config === undefined) {
    await sendCommand(port, {
      replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] },
    });
  } else if (config['members']?.[0]?.host !== host) {
    await sendCommand(port, {
      replSetReconfig: {
        ...config,
        version: Number(config['version']) + 1,
        members: [{ ...config['members']?.[0], host }],
      },
      force: true,
    });
  }
  return false;
}
