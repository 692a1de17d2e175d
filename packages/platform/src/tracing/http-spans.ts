import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isTracing, parentOf, type Span, SpanKind, startSpan, within } from './spans.ts';

/**
 * A span for each request to `/graphql`, as a part of its caller's trace. Everything from the
 * handler on runs within it; not the reading of the body, whose events belong to the connection.
 */
export function traceRequests(app: FastifyInstance, name: string): void {
  if (!isTracing()) return;
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook('preHandler', (request, _reply, done) => {
    const parent = parentOf(request.headers);
    const span =
      request.routeOptions.url === '/graphql'
        ? startSpan(`${name} ${request.method} /graphql`, { kind: SpanKind.SERVER, parent })
        : null;
    if (!span) return done();
    spans.set(request, span);
    within(span, parent, done);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    span?.setAttribute('http.response.status_code', reply.statusCode);
    span?.end();
    done();
  });
}
