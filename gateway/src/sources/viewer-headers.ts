import type { RequestScope } from '@vitrine/platform/subgraph';
import type { Origin, Viewer, ViewerSigner } from '@vitrine/platform/viewer';
import { LRUCache } from 'lru-cache';

type Asker = Pick<RequestScope, 'viewer' | 'origin'>;

/** Signed headers that tell remote subgraphs who is asking. */
export interface ViewerHeaders {
  /** At once where the same has been signed lately. */
  of(asker: Asker): string | Promise<string>;
}

interface Signed {
  header: string | Promise<string>;
  readonly until: number;
}

/** Far less than the header's lifetime, so that one in use never expires on the way. */
const REUSE_MS = 20_000;

/** Where one viewer asks from within that time; guests are many, and each asks from somewhere else. */
const MOST_PLACES = { viewer: 20, guests: 10_000 };

/**
 * Signs once per viewer and place for a while: one operation makes many fetches, and one viewer many
 * operations.
 */
export function viewerHeaders(
  signer: Pick<ViewerSigner, 'sign'>,
  now: () => number = Date.now,
): ViewerHeaders {
  const ofViewers = new WeakMap<Viewer, LRUCache<string, Signed>>();
  const ofGuests = new LRUCache<string, Signed>({ max: MOST_PLACES.guests });

  const signedOf = (viewer: Viewer | null): LRUCache<string, Signed> => {
    if (!viewer) return ofGuests;
    let own = ofViewers.get(viewer);
    if (!own) {
      own = new LRUCache({ max: MOST_PLACES.viewer });
      ofViewers.set(viewer, own);
    }
    return own;
  };

  return {
    of({ viewer, origin = null }) {
      const signed = signedOf(viewer);
      const place = placeOf(origin);
      const known = signed.get(place);
      if (known && known.until > now()) return known.header;
      const header = signer.sign({ viewer, origin });
      const fresh: Signed = { header, until: now() + REUSE_MS };
      signed.set(place, fresh);
      return header.then(
        (text) => {
          fresh.header = text;
          return text;
        },
        (error: unknown) => {
          // The next fetch tries anew.
          signed.delete(place);
          throw error;
        },
      );
    },
  };
}

const placeOf = (origin: Origin | null): string =>
  origin === null ? '' : `${origin.address} ${origin.userAgent ?? ''}`;
