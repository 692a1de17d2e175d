import { homedir } from 'node:os';
import { join } from 'node:path';
import { MongoBinary } from 'mongodb-memory-server-core';

const DOWNLOADS = 'https://fastdl.mongodb.org/';
const PROBE_MS = 3_000;

export type MongodBinary =
  | { readonly binary: string; readonly refusal?: undefined }
  | { readonly binary?: undefined; readonly refusal: string };

/**
 * MongoDB's own binary, downloaded into the user's cache. A network that does not let it through
 * is found out by one short request first: the downloader itself would try again and again.
 */
export async function downloadedMongod(): Promise<MongodBinary> {
  const unreachable = await whyUnreachable();
  if (unreachable !== undefined) return { refusal: unreachable };
  try {
    const downloadDir = join(homedir(), '.cache', 'vitrine', 'mongodb');
    return { binary: await MongoBinary.getPath({ downloadDir }) };
  } catch (error) {
    return { refusal: firstLine(error) };
  }
}

async function whyUnreachable(): Promise<string | undefined> {
  try {
    await fetch(DOWNLOADS, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
    return undefined;
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return `${DOWNLOADS} is out of reach (${firstLine(cause)})`;
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? message;
}
