import { createHash } from 'node:crypto';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { violatedIndex } from '@vitrine/platform/mongo';
import type { Intent, IntentRefusal, Made } from './intent.ts';

/** Fields of an intent in the row that was made by it; under a unique index with the actor. */
export interface IntentFields {
  readonly intentKey: string;
  readonly intentHash: string;
}

export const intentFields = ({ key, input }: Intent): IntentFields => ({
  intentKey: key,
  intentHash: createHash('sha256').update(JSON.stringify(input)).digest('base64url'),
});

/** Intent of a row that no client asked for, such as a seeded one. */
export const noIntent = (id: string): IntentFields => ({ intentKey: id, intentHash: '' });

/**
 * Makes a thing once per intent: `make` must throw the duplicate of `index` when the key is taken,
 * and `find` then reads what the first call made.
 */
export async function onceFor<Thing, Refusal>(
  intent: Intent,
  {
    index,
    make,
    find,
  }: {
    readonly index: string;
    readonly make: () => Promise<Outcome<Thing, Refusal>>;
    readonly find: () => Promise<{ readonly thing: Thing; readonly intentHash: string } | null>;
  },
): Promise<Outcome<Made<Thing>, Refusal | IntentRefusal>> {
  try {
    const outcome = await make();
    return outcome.ok ? accept({ made: outcome.value, isReplayed: false }) : outcome;
  } catch (error) {
    if (violatedIndex(error) !== index) throw error;
    const known = await madeBefore(intent, find);
    if (!known) throw error;
    return known;
  }
}

/** What an earlier call under the intent's key has made; null when there was none. */
export async function madeBefore<Thing>(
  intent: Intent,
  find: () => Promise<{ readonly thing: Thing; readonly intentHash: string } | null>,
): Promise<Outcome<Made<Thing>, IntentRefusal> | null> {
  const known = await find();
  if (!known) return null;
  return known.intentHash === intentFields(intent).intentHash
    ? accept({ made: known.thing, isReplayed: true })
    : refuse('IDEMPOTENCY_KEY_REUSED');
}
