/**
 * What a page's forms may lead to, for its content security policy: browsers look at where a form's
 * answer redirects to as well, so the app's own address is among them, by its origin or its scheme.
 */
export function formTargets(redirectUri: string | undefined): string[] {
  if (redirectUri === undefined || !URL.canParse(redirectUri)) return ["'self'"];
  const { protocol, origin, hostname } = new URL(redirectUri);
  if (protocol !== 'https:' && protocol !== 'http:') return ["'self'", protocol];
  // A policy has no way to write an IPv6 address.
  return ["'self'", hostname.startsWith('[') ? protocol : origin];
}

/** The address a person goes back to, as they would recognise it. */
export const shownTarget = (redirectUri: string): string => {
  const { protocol, host } = new URL(redirectUri);
  return protocol === 'https:' || protocol === 'http:'
    ? host
    : `the app on your device (${protocol})`;
};
