import { type ClientSession, type Connection, createConnection, mongo } from 'mongoose';
import { traceCommands } from './tracing/mongo-spans.ts';
import { isTracing } from './tracing/spans.ts';

export type { ClientSession, Connection } from 'mongoose';

/** Opens one database. Collections and indexes are made by `buildIndexes`, not in passing. */
export async function openMongo(url: string, dbName: string): Promise<Connection> {
  const isTraced = isTracing();
  const connection = createConnection(url, {
    dbName,
    autoIndex: false,
    autoCreate: false,
    maxPoolSize: 20,
    serverSelectionTimeoutMS: 10_000,
    retryWrites: true,
    monitorCommands: isTraced,
  });
  const opened = await connection.asPromise();
  if (isTraced) traceCommands(opened.getClient());
  return opened;
}

/**
 * Creates collections and builds the indexes of every model registered on the connection.
 * Several processes may do this at once. `withExpiry: false` leaves out indexes that delete by the
 * database's own clock: tests whose clock stands elsewhere would lose what they have just written.
 */
export async function buildIndexes(
  db: Connection,
  { withExpiry = true }: { readonly withExpiry?: boolean } = {},
): Promise<void> {
  for (const model of Object.values(db.models)) {
    await ignoring(NAMESPACE_EXISTS, model.createCollection());
    for (const [keys, { background: _, ...options }] of model.schema.indexes()) {
      if (options.expireAfterSeconds !== undefined && !withExpiry) continue;
      // Mongoose types indexes more widely than the driver; ours hold nothing the driver lacks.
      await model.collection.createIndex(
        keys as Record<string, 1 | -1>,
        options as mongo.CreateIndexesOptions,
      );
    }
  }
}

const DUPLICATE_KEY = 11_000;
const NAMESPACE_EXISTS = 48;

async function ignoring(code: number, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError && error.code === code)) throw error;
  }
}

/**
 * The name of the unique index a write violated, or null for any other error: the one way to turn
 * "somebody was faster" into a refusal. `_id_` names the primary key.
 */
export function violatedIndex(error: unknown): string | null {
  if (!(error instanceof mongo.MongoServerError) || error.code !== DUPLICATE_KEY) return null;
  return /index: (\S+)/.exec(error.message)?.[1] ?? null;
}

/**
 * Runs `work` in a transaction and repeats it while it conflicts with others, so it may run more
 * than once: it must touch nothing but the database, and pass `session` to every call.
 */
export async function withTransaction<Result>(
  db: Connection,
  work: (session: ClientSession) => Promise<Result>,
): Promise<Result> {
  const session = await db.startSession();
  try {
    return await session.withTransaction(() => work(session));
  } finally {
    await session.endSession();
  }
}
