import type { IncomingHttpHeaders } from 'node:http';

/** Who sends an operation, as it says of itself: nothing here is verified. */
export interface Client {
  readonly name: string;
  readonly version: string;
}

const NAME = 'apollographql-client-name';
const VERSION = 'apollographql-client-version';

/** By the headers of the request, or by the same names in the `connectionParams` of a socket. */
export const clientOf = (
  headers: IncomingHttpHeaders,
  params: Readonly<Record<string, unknown>> = {},
): Client => ({
  name: text(params[NAME]) ?? text(headers[NAME]) ?? '',
  version: text(params[VERSION]) ?? text(headers[VERSION]) ?? '',
});

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

export const UNNAMED = '(unnamed)';
export const NO_VERSION = '(none)';
/** Where clients beyond the bounds are counted together. Parentheses are ours: no client can claim them. */
export const OTHER = '(other)';

const MAX_NAME = 64;
const MAX_VERSION = 32;
/** A day's worth for one process; whoever sends another name with each request fills no memory. */
const MAX_CLIENTS = 200;
const MAX_VERSIONS_OF_ONE = 20;
/** Ways of writing one client, such as with spaces around, that are known without being cleaned again. */
const MAX_KNOWN = 1_000;

/** Cleans and bounds what clients call themselves. */
export interface ClientBook {
  /** The same object for the same client. */
  of(client: Client): Client;
  /** Forgets everybody, so that who was first once has no place for ever. */
  clear(): void;
}

export function clientBook(): ClientBook {
  const known = new Map<string, Client>();
  const byName = new Map<string, Map<string, Client>>();
  let count = 0;

  const admit = (name: string, version: string): Client => {
    const versions = byName.get(name);
    const there = versions?.get(version);
    if (there) return there;
    if (name !== OTHER && count >= MAX_CLIENTS) return admit(OTHER, NO_VERSION);
    if (versions && version !== OTHER && versions.size >= MAX_VERSIONS_OF_ONE) {
      return admit(name, OTHER);
    }
    const client = { name, version };
    if (versions) versions.set(version, client);
    else byName.set(name, new Map([[version, client]]));
    count += 1;
    return client;
  };

  return {
    of({ name, version }) {
      const raw = `${name}\t${version}`;
      const found = known.get(raw);
      if (found) return found;
      const client = admit(
        cleaned(name, MAX_NAME) || UNNAMED,
        cleaned(version, MAX_VERSION) || NO_VERSION,
      );
      if (known.size < MAX_KNOWN && raw.length <= MAX_NAME + MAX_VERSION) known.set(raw, client);
      return client;
    },
    clear() {
      known.clear();
      byName.clear();
      count = 0;
    },
  };
}

const cleaned = (value: string, limit: number): string =>
  value
    .slice(0, limit)
    .replaceAll(/[^\w .@/+:-]/g, '_')
    .trim();
