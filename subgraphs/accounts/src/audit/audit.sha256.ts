import { createHash, randomBytes } from 'node:crypto';
import type { Digest } from './audit-entry.ts';

export const sha256: Digest = (text) => createHash('sha256').update(text).digest('hex');

export const newSalt = (): string => randomBytes(16).toString('hex');
