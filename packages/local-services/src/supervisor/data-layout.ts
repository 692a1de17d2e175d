import { join } from 'node:path';

/** Where what lies in a data folder. */
export interface DataLayout {
  readonly root: string;
  readonly documentdb: string;
  readonly mongod: string;
  readonly redis: string;
  readonly logs: string;
  readonly lock: string;
  /** All that removing the data removes; the lock's own file stays, it may be held. */
  readonly folders: readonly string[];
}

export function dataLayout(root: string): DataLayout {
  const documentdb = join(root, 'documentdb');
  const mongod = join(root, 'mongod');
  const redis = join(root, 'redis');
  const logs = join(root, 'logs');
  return {
    root,
    documentdb,
    mongod,
    redis,
    logs,
    lock: join(root, 'local-services.lock'),
    folders: [documentdb, `${documentdb}.partial`, mongod, redis, logs],
  };
}
