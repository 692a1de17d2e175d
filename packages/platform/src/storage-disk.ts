import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Storage } from './storage.ts';
import { checkedKey } from './storage-keys.ts';

/**
 * Where files are written before they have their name. In the same folder tree, since a rename is
 * only atomic within a file system; hidden, so neither a key nor `/media/` reaches it.
 */
export const INCOMING = '.incoming';
/** Nothing takes as long to write, so what is older was left by a process that was killed. */
const ABANDONED_MS = 24 * 60 * 60 * 1_000;

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Files below a folder. Several processes may use it, also over a network file system. */
export function diskStorage(root: string): Storage {
  const incoming = join(root, INCOMING);
  const pathOf = (key: string) => join(root, checkedKey(key));
  let isSwept: Promise<void> | null = null;

  return {
    async put(key, bytes) {
      const path = pathOf(key);
      await mkdir(incoming, { recursive: true });
      isSwept ??= sweep(incoming);
      await isSwept;
      const draft = join(incoming, randomBytes(16).toString('hex'));
      try {
        await pipeline(
          bytes instanceof Readable ? bytes : Readable.from([bytes]),
          // On the disk before it has its name: a machine that dies leaves no empty file under it.
          createWriteStream(draft, { flags: 'wx', flush: true }),
        );
        await mkdir(dirname(path), { recursive: true });
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    async read(key) {
      try {
        return await readFile(pathOf(key));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async stream(key) {
      try {
        const file = await open(pathOf(key));
        return file.createReadStream();
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    remove: (key) => rm(pathOf(key), { force: true }),
  };
}

/** Takes away what killed processes left; others may be writing and sweeping at the same time. */
async function sweep(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const draft = join(incoming, name);
    const age = await stat(draft).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_MS) await rm(draft, { force: true });
  }
}
