import { z } from 'zod';
import { defineFact } from './fact.ts';

/** Who acted. What is null was not there: an app for itself has no person, a job has neither. */
const actorValue = z.object({
  /** `SYSTEM` is work that nobody asks for at that moment: a job, a timer, a fact that arrived. */
  kind: z.enum(['PERSON', 'APP', 'GUEST', 'SYSTEM']),
  /** `usr_…`, `app_…` or `gst_…` in whose name it was done. */
  userId: z.string().nullable(),
  /** The app that acted, for itself or in the person's name. */
  appId: z.string().nullable(),
  /** The operator who acted as the person. */
  impersonatorId: z.string().nullable(),
  /** The session, or the grant of an app. */
  sessionId: z.string().nullable(),
  /** The queue or timer of `SYSTEM`. */
  job: z.string().nullable(),
});

const originValue = z.object({ address: z.string(), userAgent: z.string().nullable() });

/** JSON of any shape; `z.json()` would say so, in types that nobody can check in reasonable time. */
const changeValue = z.record(z.string(), z.unknown());

/**
 * Something was done that somebody may have to answer for. Every subgraph emits it, in the
 * transaction of the change, by `audit` of the platform, which fills in the actor; each is an
 * aggregate of its own, since nothing but the log cares for their order.
 */
export const actionRecorded = defineFact({
  type: 'audit.action-recorded',
  version: 1,
  payload: z.object({
    /** `<subgraph>.<aggregate>-<past participle>`, such as `catalog.product-edited`. */
    action: z.string().regex(/^[a-z]+\.[a-z]+(-[a-z]+)+$/),
    subject: z.object({ type: z.string(), id: z.string() }),
    /** Whose log it belongs to; null where it concerns no shop. */
    shopId: z.string().nullable(),
    /** Whose account it concerns, beside who acted. */
    userId: z.string().nullable(),
    actor: actorValue,
    origin: originValue.nullable(),
    requestId: z.string().nullable(),
    /** Changed values alone, as they were and as they are; without secrets and personal data. */
    before: changeValue.nullable(),
    after: changeValue.nullable(),
  }),
});

export type ActionRecorded = z.infer<typeof actionRecorded.payload>;
export type AuditActor = z.infer<typeof actorValue>;
