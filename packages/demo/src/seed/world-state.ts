import { type Connection, createConnection } from 'mongoose';
import { demoDatabase, type PlatformAddress } from './platform-address.ts';

interface MarkerRow {
  readonly _id: 'world';
  readonly state: 'making' | 'complete';
}

/** `making` is a world that a kill cut short. */
export type WorldState = 'none' | MarkerRow['state'];

async function withMarker<Result>(
  { mongoUrl, namespace }: Pick<PlatformAddress, 'mongoUrl' | 'namespace'>,
  work: (markers: ReturnType<typeof markersOf>) => Promise<Result>,
): Promise<Result> {
  const connection = await createConnection(mongoUrl, {
    dbName: demoDatabase(namespace),
  }).asPromise();
  try {
    return await work(markersOf(connection));
  } finally {
    await connection.close();
  }
}

const markersOf = (connection: Connection) => connection.collection<MarkerRow>('worlds');

export const worldState = (address: Omit<PlatformAddress, 'redisUrl'>): Promise<WorldState> =>
  withMarker(
    address,
    async (markers) => (await markers.findOne({ _id: 'world' }))?.state ?? 'none',
  );

export const markWorld = (
  address: Omit<PlatformAddress, 'redisUrl'>,
  state: MarkerRow['state'],
): Promise<void> =>
  withMarker(address, async (markers) => {
    await markers.updateOne({ _id: 'world' }, { $set: { state } }, { upsert: true });
  });
