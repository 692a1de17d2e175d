/**
 * The address of the OAuth server as clients write it: what the operator says, or else the host that
 * a request was sent to. The latter is for one machine, where the port may be any; a request that
 * lies about its host gets metadata that nobody else sees.
 */
export function issuerOf(
  publicUrl: string | undefined,
  { protocol, host }: { readonly protocol: string; readonly host: string },
): string | null {
  const address = publicUrl ?? `${protocol}://${host}`;
  if (!URL.canParse(address)) return null;
  const { origin, username, password } = new URL(address);
  return username === '' && password === '' && origin !== 'null' ? origin : null;
}
