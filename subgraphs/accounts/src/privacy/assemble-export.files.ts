import { Readable } from 'node:stream';
import { jsonOf } from '@vitrine/platform/privacy/personal-data';
import { exportPartKey } from '@vitrine/platform/privacy/privacy.consumer';
import type { Services } from '@vitrine/platform/services';
import { openStorage } from '@vitrine/platform/storage';
import { type DataExport, exportKey } from './data-export.ts';
import { ownData } from './own-data.store.ts';
import { asked } from './progress.ts';

/** The parts of an export as one file, `{ "exportedAt": …, "orders": { … }, … }`, piece by piece. */
async function* wholeOf(
  services: Services,
  { id, userId }: DataExport,
): AsyncGenerator<string | Buffer> {
  const { closed } = openStorage(services.env);
  yield `{"exportedAt":${JSON.stringify(services.clock())},"userId":${JSON.stringify(userId)}`;
  yield ',"accounts":';
  yield* jsonOf(ownData(services).exportOf(userId));
  for (const subgraph of asked) {
    const part = await closed.stream(exportPartKey(id, subgraph));
    if (!part) throw new Error(`the part of ${subgraph} of ${id} is not there`);
    yield `,${JSON.stringify(subgraph)}:`;
    yield* part as AsyncIterable<Buffer>; // a stream of a file
  }
  yield '}';
}

/** Puts the parts together, and takes them away. Again after a crash: it begins anew. */
export async function assembleExport(services: Services, found: DataExport): Promise<void> {
  const { closed } = openStorage(services.env);
  const whole = Readable.from(wholeOf(services, found), { objectMode: false });
  await closed.put(exportKey(found.id), whole, 'application/json');
  await removeParts(services, found.id);
}

const removeParts = async (services: Services, exportId: string): Promise<void> => {
  const { closed } = openStorage(services.env);
  for (const subgraph of asked) await closed.remove(exportPartKey(exportId, subgraph));
};

/** Takes away all files of an export, whatever became of it. */
export async function removeExport(services: Services, exportId: string): Promise<void> {
  await removeParts(services, exportId);
  await openStorage(services.env).closed.remove(exportKey(exportId));
}
