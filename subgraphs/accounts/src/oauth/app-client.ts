import type { App } from '../apps/app.ts';

/** Names of scopes, as the platform has them. */
export interface KnownScopes {
  readonly isScope: (name: string) => boolean;
  /** What every app has for its own data; no person is asked for it. Never empty. */
  readonly ownScopes: readonly string[];
}

/**
 * An app as the OAuth server's client, in the names of RFC 7591. `native` makes any port of the
 * developer's own machine good for a registered loopback address (RFC 8252, 7.3); every other
 * address is compared as it is either way.
 */
export const clientOf = (app: App, { isScope, ownScopes }: KnownScopes) => {
  const actsForPeople = app.redirectUris.length > 0;
  const isConfidential = app.kind === 'CONFIDENTIAL';
  return {
    client_id: app.id,
    client_name: app.name,
    application_type: 'native' as const,
    redirect_uris: [...app.redirectUris],
    response_types: actsForPeople ? (['code'] as const).slice() : [],
    grant_types: [
      ...(actsForPeople ? ['authorization_code', 'refresh_token'] : []),
      ...(isConfidential ? ['client_credentials'] : []),
    ],
    // Never empty: the server takes an absent list for no limit.
    scope: [...new Set([...ownScopes, ...app.scopes.filter(isScope)])].join(' '),
    // Asked for by the server to begin with, and used for nothing: there are no ID tokens.
    id_token_signed_response_alg: 'ES256' as const,
    ...(isConfidential
      ? {
          token_endpoint_auth_method: 'client_secret_basic' as const,
          // The server needs one to be there; what is compared are hashes, and two for a while.
          client_secret: app.secrets[0]?.hash ?? '',
        }
      : { token_endpoint_auth_method: 'none' as const }),
  };
};
