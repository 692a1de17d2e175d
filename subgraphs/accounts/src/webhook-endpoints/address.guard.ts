import { lookup, Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What a name leads to. */
export type Resolve = (
  hostname: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** As the machine resolves names, its own and its network's among them. */
export const machineResolve: Resolve = (hostname) => lookup(hostname, { all: true });

/**
 * By name servers alone. The machine's own way takes one of four threads for as long as a name server
 * takes, and whoever registers a webhook may have a name server that takes for ever: four such names
 * would keep all others waiting, and files too.
 */
export function internetResolve(servers?: readonly string[]): Resolve {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (hostname) => {
    const [four, six] = await Promise.allSettled([
      resolver.resolve4(hostname),
      resolver.resolve6(hostname),
    ]);
    // A name that has addresses of one kind is found, whatever came of the other.
    if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
    return [
      ...(four.status === 'fulfilled' ? four.value : []).map((address) => ({ address, family: 4 })),
      ...(six.status === 'fulfilled' ? six.value : []).map((address) => ({ address, family: 6 })),
    ];
  };
}

/** Addresses within other addresses: what IPv6 may carry of IPv4, where a router would unwrap it. */
const EMBEDDED: readonly { readonly range: string; readonly at: number }[] = [
  { range: 'ipv4Mapped', at: 12 },
  { range: 'rfc6145', at: 12 },
  { range: 'rfc6052', at: 12 },
  { range: '6to4', at: 2 },
];

/**
 * Whether an address belongs to the public internet. Everything that is set aside for something else
 * does not: loopback, private and shared networks, link-local with the metadata services of clouds,
 * multicast, documentation, and the same wrapped into IPv6.
 */
export function isPublicAddress(text: string): boolean {
  // `ipaddr.js` reads `0177.1` and `2130706433` as systems do; what is no address is not public.
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  const range = address.range();
  if (address.kind() === 'ipv4') return range === 'unicast';
  const embedded = EMBEDDED.find((one) => one.range === range);
  if (embedded) {
    const bytes = address.toByteArray().slice(embedded.at, embedded.at + 4);
    return isPublicAddress(bytes.join('.'));
  }
  return range === 'unicast';
}

/** The address of a name is one that may not be asked. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
  readonly code = 'ADDRESS_REFUSED';
}

export interface AddressRules {
  readonly resolve: Resolve;
  readonly isAllowed: (address: string) => boolean;
}

/**
 * Looks a name up for a socket that is about to be opened, and hands on what was checked: the socket
 * goes to that very address, so a name that means another one a moment later gains nothing. One bad
 * address among good ones refuses the name, since nobody honest has such a name.
 */
export const guardedLookup =
  ({ resolve, isAllowed }: AddressRules): LookupFunction =>
  (hostname, options, done) => {
    resolve(hostname).then(
      (found) => {
        const bad = found.find(({ address }) => !isAllowed(address));
        const [first] = found;
        if (bad || !first) {
          const text = first
            ? `${hostname} leads to ${bad?.address}, which is not of the internet`
            : `${hostname} leads nowhere`;
          done(new AddressRefusedError(text), '', 0);
        } else if (options.all) done(null, [...found]);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, '', 0),
    );
  };
