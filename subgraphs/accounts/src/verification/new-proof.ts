import { plus } from '@vitrine/kernel/clock';
import { LIFETIME_MS, type Proof } from './proof.ts';

export const newProof = (
  proof: Pick<Proof, 'tokenHash' | 'email' | 'purpose'>,
  now: Date,
): Proof => ({ ...proof, createdAt: now, expiresAt: plus(now, LIFETIME_MS[proof.purpose.kind]) });
