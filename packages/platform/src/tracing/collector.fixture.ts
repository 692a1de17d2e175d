import { once } from 'node:events';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';

/** A span as it arrived over OTLP. */
export interface CollectedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: number;
}

export interface Collector {
  readonly url: string;
  readonly spans: CollectedSpan[];
  /** What it answers to every export from now on. */
  answer(status: number): void;
  /** The names from a span up to the root of its trace. */
  pathOf(span: CollectedSpan): string[];
}

/** A collector that takes OTLP as JSON over HTTP, in this process; ends with the test. */
export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set
    if (status === 200 && request.url === '/v1/traces') {
      spans.push(...spansOf(JSON.parse(Buffer.concat(chunks).toString())));
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    answer(next) {
      status = next;
    },
    pathOf(span) {
      const path: string[] = [];
      for (let at: CollectedSpan | undefined = span; at; ) {
        path.push(at.name);
        const above: string | undefined = at.parentSpanId;
        at = spans.find(({ spanId }) => spanId === above);
      }
      return path;
    },
  };
}

/** The parts of an OTLP export that tests look at. */
interface OtlpExport {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: OtlpAttributes };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}
type OtlpAttributes = readonly { readonly key: string; readonly value: object }[];
interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: OtlpAttributes;
  readonly status?: { readonly code?: number };
}

const spansOf = ({ resourceSpans }: OtlpExport): CollectedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, traceId, spanId, parentSpanId, attributes, status }) => ({
        name,
        traceId,
        spanId,
        parentSpanId: parentSpanId || undefined,
        attributes: { ...valuesOf(resource.attributes), ...valuesOf(attributes) },
        status: status?.code ?? 0,
      })),
    ),
  );

const valuesOf = (attributes: OtlpAttributes): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
