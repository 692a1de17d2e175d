import type { Viewer, ViewerTokens } from '@vitrine/platform/viewer';

/** Signed headers that tell remote subgraphs who is asking. */
export interface ViewerHeaders {
  /** At once where the viewer has been signed lately. */
  of(viewer: Viewer): string | Promise<string>;
}

interface Signed {
  header: string | Promise<string>;
  readonly until: number;
}

/** Far less than the header's lifetime, so that one in use never expires on the way. */
const REUSE_MS = 20_000;

/** Signs once per viewer for a while: one operation makes many fetches, and one viewer many operations. */
export function viewerHeaders(signer: ViewerTokens, now: () => number = Date.now): ViewerHeaders {
  const signed = new WeakMap<Viewer, Signed>();
  return {
    of(viewer) {
      const known = signed.get(viewer);
      if (known && known.until > now()) return known.header;
      const header = signer.sign(viewer);
      const fresh: Signed = { header, until: now() + REUSE_MS };
      signed.set(viewer, fresh);
      return header.then(
        (text) => {
          fresh.header = text;
          return text;
        },
        (error: unknown) => {
          // The next fetch tries anew.
          signed.delete(viewer);
          throw error;
        },
      );
    },
  };
}
