import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { openStorage } from '@vitrine/platform/storage';
import type { TimerHandlers } from '@vitrine/platform/timers';
import { personStore } from '../people/person.store.ts';
import { judgePicture, keyOf, openUpload, type UploadRefusal } from './judge-picture.ts';
import { contentHashOf, seenIn, tokenHashOf } from './picture.bytes.ts';
import { REMOVAL_TIMER } from './picture.removal.ts';
import { pictureUploadStore, UPLOAD_TIMER } from './picture.store.ts';
import type { PictureUpload } from './picture.ts';

export interface StoredPicture {
  readonly avatarUrl: string;
  /** Of the profile that shows it. */
  readonly version: number;
}

export interface Pictures {
  /** The upload of a secret, as far as anything may come for it. */
  find(token: string): Promise<Outcome<PictureUpload, UploadRefusal>>;
  /** Stores what came, shows it as the person's picture, and gives the old one up. */
  store(upload: PictureUpload, bytes: Buffer): Promise<Outcome<StoredPicture, UploadRefusal>>;
}

export function openPictures(services: Services): Pictures {
  const uploads = pictureUploadStore(services);
  const people = personStore(services);
  const media = openStorage(services.env).media;

  /** The answer of the first call, to the same bytes again; nothing else comes through. */
  async function again(
    upload: PictureUpload,
    contentHash: string,
  ): Promise<Outcome<StoredPicture, UploadRefusal>> {
    if (upload.used?.contentHash !== contentHash) return refuse('UPLOAD_USED');
    const [person] = await people.findMany([upload.userId]);
    const avatarUrl = media.urlOf(upload.used.key);
    // Once they have another picture, this one is gone.
    if (person?.avatarUrl !== avatarUrl) return refuse('UPLOAD_USED');
    return accept({ avatarUrl, version: person.version });
  }

  async function find(token: string) {
    return openUpload(await uploads.findByToken(tokenHashOf(token)), services.clock());
  }

  return {
    find,
    async store(upload, bytes) {
      const contentHash = contentHashOf(bytes);
      if (upload.used) return again(upload, contentHash);
      const verdict = judgePicture(upload, bytes.length, await seenIn(bytes));
      if (!verdict.ok) return verdict;

      const key = keyOf(upload, contentHash);
      // Noted first, so that a process that is killed now leaves nothing that is not found again.
      if (!(await uploads.stage(upload.id, key))) return refuse('UPLOAD_NOT_FOUND');
      await media.put(key, bytes, upload.contentType);
      const avatarUrl = media.urlOf(key);
      const shown = await transact(services, async (tx) => {
        if (!(await uploads.use(upload.id, { key, contentHash }, tx))) return 'USED';
        return (await people.showPicture(upload.userId, avatarUrl, tx)) ?? 'GONE';
      });
      if (shown === 'USED') {
        const current = await uploads.findByToken(upload.tokenHash);
        const answer = current ? await again(current, contentHash) : refuse('UPLOAD_USED' as const);
        if (!answer.ok) await media.remove(key);
        return answer;
      }
      if (shown === 'GONE') {
        await media.remove(key);
        return refuse('UPLOAD_NOT_FOUND');
      }
      return accept({ avatarUrl, version: shown.version });
    },
  };
}

/** Takes files away that nobody shows any more. */
export function pictureTimers(services: Services): TimerHandlers {
  const uploads = pictureUploadStore(services);
  const people = personStore(services);
  const media = openStorage(services.env).media;
  return {
    [UPLOAD_TIMER]: async (uploadId) => {
      for (const key of await uploads.leftovers(uploadId)) await media.remove(key);
    },
    [REMOVAL_TIMER]: async (key) => {
      const [, userId = ''] = key.split('/');
      const [person] = await people.findMany([userId]);
      // They may have gone back to it in the meantime.
      if (person?.avatarUrl !== media.urlOf(key)) await media.remove(key);
    },
  };
}
