import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Stored {
  readonly bytes: Buffer;
  readonly contentType: string;
}

export interface Bucket {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** By path, such as `/pictures/media/a.png`. */
  readonly objects: Map<string, Stored>;
  /** Requests whose signature was wrong. */
  readonly forged: string[];
  /** Uploads in parts that are neither complete nor given up. */
  readonly unfinished: Map<string, Buffer[]>;
}

const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();

/**
 * A server that keeps objects as S3 does, in memory, and answers 403 to whatever is not signed by AWS
 * signature version 4 as its specification computes it. Ends with the test.
 */
export async function openBucket(): Promise<Bucket> {
  const keys = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a-secret', region: 'eu-test-1' };
  const objects = new Map<string, Stored>();
  const unfinished = new Map<string, Buffer[]>();
  const forged: string[] = [];

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body = '', headers = {} }) => {
      response.writeHead(status, headers).end(body);
    });
  });

  async function answer(request: IncomingMessage): Promise<{
    status: number;
    body?: string | Buffer;
    headers?: Record<string, string>;
  }> {
    const url = new URL(request.url ?? '/', 'http://bucket');
    const bytes = await buffer(request);
    if (!isSigned(request, url, keys)) {
      forged.push(`${request.method} ${url.pathname}`);
      return { status: 403 };
    }
    const xml = { 'content-type': 'application/xml' };
    const upload = url.searchParams.get('uploadId');
    if (request.method === 'POST' && url.searchParams.has('uploads')) {
      const id = `upload-${unfinished.size + 1}`;
      unfinished.set(id, []);
      const body = `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`;
      return { status: 200, body, headers: xml };
    }
    if (upload !== null) {
      const parts = unfinished.get(upload) ?? [];
      if (request.method === 'PUT') {
        parts[Number(url.searchParams.get('partNumber')) - 1] = bytes;
        return { status: 200, headers: { etag: `"${parts.length}"` } };
      }
      unfinished.delete(upload);
      if (request.method === 'DELETE') return { status: 204 };
      objects.set(url.pathname, { bytes: Buffer.concat(parts), contentType: 'in parts' });
      const body =
        '<CompleteMultipartUploadResult><ETag>"1"</ETag></CompleteMultipartUploadResult>';
      return { status: 200, body, headers: xml };
    }
    if (request.method === 'PUT') {
      objects.set(url.pathname, { bytes, contentType: request.headers['content-type'] ?? '' });
      return { status: 200, headers: { etag: '"1"' } };
    }
    if (request.method === 'DELETE') {
      objects.delete(url.pathname);
      return { status: 204 };
    }
    const stored = objects.get(url.pathname);
    if (!stored) return { status: 404 };
    return { status: 200, body: stored.bytes, headers: { 'content-type': stored.contentType } };
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { endpoint: `http://127.0.0.1:${port}`, ...keys, objects, unfinished, forged };
}

/** As "Signature Calculations for the Authorization Header" of the S3 API reference has it. */
function isSigned(
  { method, headers }: IncomingMessage,
  url: URL,
  {
    accessKeyId,
    secretAccessKey,
    region,
  }: Pick<Bucket, 'accessKeyId' | 'secretAccessKey' | 'region'>,
): boolean {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  const [, key, day = '', place, signedHeaders = '', signature] = match ?? [];
  const time = String(headers['x-amz-date']);
  if (key !== accessKeyId || place !== region || !time.startsWith(day)) return false;
  const names = signedHeaders.split(';');
  if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => names.includes(name))) {
    return false;
  }
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const canonical = [
    method,
    url.pathname,
    query,
    ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signedHeaders,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const hash = createHash('sha256').update(canonical).digest('hex');
  const signing = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${secretAccessKey}`,
  );
  const expected = hmac(signing, ['AWS4-HMAC-SHA256', time, scope, hash].join('\n'));
  return expected.toString('hex') === signature;
}
