import type { Viewer, ViewerTokens } from '@vitrine/platform/viewer';

/** Signed headers that tell remote subgraphs who is asking. */
export interface ViewerHeaders {
  of(viewer: Viewer): Promise<string>;
}

/** Far less than the header's lifetime, so that one in use never expires on the way. */
const REUSE_MS = 20_000;

/** Signs once per viewer for a while: one operation makes many fetches, and one viewer many operations. */
export function viewerHeaders(signer: ViewerTokens, now: () => number = Date.now): ViewerHeaders {
  const signed = new WeakMap<
    Viewer,
    { readonly header: Promise<string>; readonly until: number }
  >();
  return {
    of(viewer) {
      const known = signed.get(viewer);
      if (known && known.until > now()) return known.header;
      const header = signer.sign(viewer);
      signed.set(viewer, { header, until: now() + REUSE_MS });
      return header;
    },
  };
}
