import { isDeepStrictEqual } from 'node:util';
import type { Session } from '../authentication.ts';
import type { RightsFeed } from '../subscriptions/rights.ts';

/** Who is behind a connection, as long as it lasts. */
export interface SessionWatch {
  readonly session: () => Session;
  /** A fresh token of the same person; answers false for that of somebody else. */
  replace(session: Session): boolean;
  close(): void;
}

export interface SessionHandlers {
  /** The token has expired, or the session was ended. */
  onEnd(reason: string): void;
  /** The rights are others now. */
  onChange(session: Session): void;
}

/** What a connection has to hear of rights. */
export type SessionRights = Pick<RightsFeed, 'after' | 'watch'>;

/** A longer delay would be taken for none. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Watches over a session: tells when its token expires, and when accounts says that it changes. */
export function watchSession(
  first: Session,
  { rights, now }: { readonly rights: SessionRights; readonly now: () => number },
  { onEnd, onChange }: SessionHandlers,
): SessionWatch {
  let session = first;
  let timer: NodeJS.Timeout | undefined;

  const arm = (): void => {
    clearTimeout(timer);
    if (session.expiresAt === Number.POSITIVE_INFINITY) return;
    const left = Math.max(0, session.expiresAt - now());
    timer = setTimeout(
      () => (session.expiresAt <= now() ? onEnd('The token has expired') : arm()),
      Math.min(left, MAX_DELAY_MS),
    );
    timer.unref();
  };
  arm();

  const userId = first.viewer?.userId;
  const unwatch =
    userId === undefined
      ? () => {}
      : rights.watch(userId, () => {
          const next = rights.after(session);
          if (next === session) return;
          if (!next) {
            onEnd('The session was ended');
            return;
          }
          const isSame = isDeepStrictEqual(next.viewer, session.viewer);
          session = next;
          if (!isSame) onChange(session);
        });

  return {
    session: () => session,
    replace(next) {
      if (next.viewer?.userId !== userId) return false;
      session = next;
      arm();
      onChange(session);
      return true;
    },
    close() {
      clearTimeout(timer);
      unwatch();
    },
  };
}
