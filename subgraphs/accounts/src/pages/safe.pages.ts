import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Client } from '../sessions/session.ts';
import { contentSecurityPolicy } from './document.page.ts';

const LONGEST_FORM = 16 * 1024;

/** A form as a browser posts it: each field once, the last one where it comes twice. */
export type Form = Readonly<Record<string, string>>;

/** What was posted; empty for anything that is no form. */
export const formOf = ({ body }: FastifyRequest): Form =>
  body instanceof URLSearchParams ? Object.fromEntries(body) : {};

const LONGEST_USER_AGENT = 256;

/** Where a request of a page came from. */
export const clientOf = ({ ip, headers }: FastifyRequest) =>
  ({
    address: ip,
    userAgent: headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null,
  }) satisfies Client;

/**
 * What every page and form of accounts has: forms are read, answers are kept by nobody, and a form
 * is taken only from a page of this site. The last is by `Sec-Fetch-Site`, which browsers send and
 * pages cannot; an `Origin` alone says nothing here, since pages that keep their address to
 * themselves send `null`.
 */
export function keepPagesSafe(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: LONGEST_FORM },
    (_request, body, done) => done(null, new URLSearchParams(body.toString())),
  );
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy(),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    if (request.method !== 'GET' && request.method !== 'HEAD' && isFromElsewhere(request)) {
      return reply.code(403).send({ message: 'This form was sent from another site.' });
    }
  });
}

function isFromElsewhere({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  if (origin === undefined || origin === 'null') return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
