import { z } from 'zod';
import { defineFact } from './fact.ts';

/** A person wants all that is held of them; every subgraph stores its part and confirms. */
export const exportRequested = defineFact({
  type: 'accounts.export-requested',
  version: 1,
  payload: z.object({ exportId: z.string(), userId: z.string() }),
});

/** An account is erased; every subgraph erases or pseudonymises what it has and confirms. */
export const erasureRequested = defineFact({
  type: 'accounts.erasure-requested',
  version: 1,
  payload: z.object({ erasureId: z.string(), userId: z.string() }),
});

/** A subgraph has stored its part of an export. */
export const partExported = defineFact({
  type: 'privacy.part-exported',
  version: 1,
  payload: z.object({ exportId: z.string(), subgraph: z.string() }),
});

/** A subgraph holds nothing of the person any more but what the law asks to keep, without a name. */
export const partErased = defineFact({
  type: 'privacy.part-erased',
  version: 1,
  payload: z.object({ erasureId: z.string(), subgraph: z.string() }),
});
