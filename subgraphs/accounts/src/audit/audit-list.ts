import type { AuditDetails, AuditEntry } from './audit-entry.ts';

/** Whose part of the log is read: of one shop, of one person, or all of it. */
export type AuditScope = { readonly shopId: string } | { readonly userId: string } | 'ALL';

export interface AuditFilter {
  /** From this moment on. */
  readonly from: Date | null;
  /** Before this moment. */
  readonly until: Date | null;
  /** Any of them; all, where there are none. */
  readonly actions: readonly string[];
  /** A person, an app, or the operator who acted as somebody. */
  readonly actorId: string | null;
  readonly subjectId: string | null;
}

/** An entry as one reader may see it. */
export type ShownEntry = Omit<AuditEntry, 'details'> & Pick<AuditDetails, 'origin'>;

/** One value that changed, as JSON texts; null where it was not there. */
export interface AuditChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

type Sides = {
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
};

const textOf = (side: Sides['before'], field: string): string | null =>
  side && Object.hasOwn(side, field) ? JSON.stringify(side[field]) : null;

/** Field by field what an entry changed, in the order its author told it. */
export function changesOf({ before, after }: Sides): AuditChange[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...fields].map((field) => ({
    field,
    before: textOf(before, field),
    after: textOf(after, field),
  }));
}

/**
 * Whether a reader may see where an action came from. Who reads their own account's log sees what
 * they did themselves, not where an operator or a shop's owner sits; a shop sees its staff, not the
 * operator who acted as one of them; operators see all.
 */
export function isOriginShown(
  actor: { readonly userId: string | null; readonly impersonatorId: string | null },
  scope: AuditScope,
  reader: { readonly userId: string } | null,
): boolean {
  if (scope === 'ALL') return true;
  if (actor.impersonatorId !== null) return actor.impersonatorId === reader?.userId;
  return 'shopId' in scope || actor.userId === reader?.userId;
}
