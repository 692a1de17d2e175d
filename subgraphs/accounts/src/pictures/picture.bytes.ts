import { createHash, randomBytes } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import { imageSize } from 'image-size';
import type { Seen } from './judge-picture.ts';

const sha256 = (data: string | Uint8Array, encoding: 'hex' | 'base64url') =>
  createHash('sha256').update(data).digest(encoding);

export const contentHashOf = (bytes: Uint8Array): string => sha256(bytes, 'hex');
export const tokenHashOf = (token: string): string => sha256(token, 'base64url');

/** 256 bits: nobody guesses the address of somebody's upload. */
export function newSecret(): { token: string; tokenHash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, tokenHash: tokenHashOf(token) };
}

/** What the bytes are, whatever anybody calls them. Reads headers only: nothing is decoded. */
export async function seenIn(bytes: Uint8Array): Promise<Seen> {
  const type = await fileTypeFromBuffer(bytes);
  return { contentType: type?.mime ?? null, size: sizeOf(bytes) };
}

function sizeOf(bytes: Uint8Array): Seen['size'] {
  try {
    const { width, height } = imageSize(bytes);
    return { width, height };
  } catch {
    return null;
  }
}
