import { RIGHTS_MS, type ToldChange, viewerAfter } from '@vitrine/platform/rights';
import type { Session } from '../authentication.ts';

/** What has been told of late, so that it counts for tokens that come later with the rights of before. */
export interface RightsMemory {
  /** In whatever order, and however often. */
  note(change: ToldChange): void;
  /**
   * The session by the rights of now; null where it is over. The same object for the same session
   * until another change, so that it can key caches.
   */
  after(session: Session): Session | null;
}

/** A person's changes: one of rights, merged, and one for each session and token that has ended. */
interface Told {
  readonly changes: Map<string, ToldChange>;
  latest: number;
}

/** Some hundred bytes each. */
const MOST_PEOPLE = 200_000;
const MOST_CHANGES = 500;

export function rightsMemory(
  now: () => number = Date.now,
  { people: mostPeople, changes: mostChanges }: { people: number; changes: number } = {
    people: MOST_PEOPLE,
    changes: MOST_CHANGES,
  },
): RightsMemory {
  /** Those told of longest ago first. */
  const people = new Map<string, Told>();
  /** What became of a session by a person's changes, while those are the same. */
  const decided = new WeakMap<Session, { readonly by: Told; readonly after: Session | null }>();

  const forget = (): void => {
    for (const [userId, { latest }] of people) {
      if (people.size <= mostPeople && latest > now() - RIGHTS_MS) break;
      people.delete(userId);
    }
  };

  return {
    note(change) {
      const { userId, at } = change;
      if (at <= now() - RIGHTS_MS) return;
      const before = people.get(userId);
      const key = keyOf(change);
      // A new map, so that decisions by the one before are not taken for current ones.
      const changes = new Map(before?.changes);
      const known = changes.get(key);
      changes.delete(key);
      changes.set(key, known ? merged(known, change) : change);
      for (const oldest of changes.keys()) {
        if (changes.size <= mostChanges) break;
        changes.delete(oldest);
      }
      people.delete(userId);
      people.set(userId, { changes, latest: Math.max(at, before?.latest ?? 0) });
      forget();
    },
    after(session) {
      const { viewer } = session;
      if (!viewer) return session;
      const told = people.get(viewer.userId);
      if (!told) return session;
      const known = decided.get(session);
      if (known?.by === told) return known.after;
      let after: Session | null = session;
      for (const change of told.changes.values()) {
        after = sessionAfter(after, change);
        if (!after) break;
      }
      decided.set(session, { by: told, after });
      return after;
    },
  };
}

/** The same object where nothing changes; null where the session is over. */
function sessionAfter(session: Session, change: ToldChange): Session | null {
  const { viewer } = session;
  if (!viewer) return session;
  const next = viewerAfter({ ...session, viewer }, change);
  if (next === viewer) return session;
  return next ? { ...session, viewer: next } : null;
}

function keyOf(change: ToldChange): string {
  switch (change.kind) {
    case 'CHANGED':
      return 'rights';
    case 'ENDED':
      return change.sessionId === null ? 'all' : `session ${change.sessionId}`;
    case 'TOKEN_ENDED':
      return `token ${change.tokenHash}`;
    default:
      return change satisfies never;
  }
}

/** Of two changes of one key, the later wins; what only the earlier tells stays. */
const merged = (a: ToldChange, b: ToldChange): ToldChange =>
  a.at > b.at ? { ...b, ...a } : { ...a, ...b };
