import { Readable } from 'node:stream';
import { startReceiver } from '@vitrine/testkit/webhook-receiver';
import { describe, expect, onTestFinished, test } from 'vitest';
import { internetResolve, isPublicAddress } from './address.guard.ts';
import { type EndpointRules, endpointClient } from './endpoint.http.ts';
import { startNameServer } from './name-server.fixture.ts';

const local: EndpointRules = {
  resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  isAllowed: () => true,
};

function client(rules: Partial<EndpointRules> = {}) {
  const endpoints = endpointClient({ ...local, ...rules });
  onTestFinished(() => endpoints.close());
  return (url: string) =>
    endpoints.post({ url, headers: { 'content-type': 'application/json' }, body: '{}' });
}

async function receiver(...args: Parameters<typeof startReceiver>) {
  const started = await startReceiver(...args);
  onTestFinished(() => started.stop());
  return { ...started, port: new URL(started.url).port };
}

describe('an endpoint', () => {
  test('that hangs is given up in time, before and after its head', async () => {
    const silent = await receiver(() => null);
    const post = client({ timeoutMs: 200 });
    const start = performance.now();

    expect(await post(silent.url)).toMatchObject({ kind: 'UNANSWERED', failure: 'TIMEOUT' });
    expect(performance.now() - start).toBeLessThan(2_000);

    const trickling = await receiver((_message, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
      return null;
    });
    // It has said that it took the message.
    expect(await post(trickling.url)).toMatchObject({ kind: 'ANSWERED', status: 200 });
  });

  test('that redirects is not followed', async () => {
    const inside = await receiver();
    const outside = await receiver((_message, response) => {
      response.writeHead(307, { location: `http://localhost:${inside.port}/` }).end();
      return null;
    });

    expect(await client()(outside.url)).toMatchObject({ kind: 'ANSWERED', status: 307 });
    expect(inside.received).toEqual([]);
  });

  test('that answers 10 MB is cut off, and the beginning is kept', async () => {
    let sent = 0;
    let isCut = false;
    function* tenMegabytes() {
      while (sent < 10_000_000) {
        sent += 100_000;
        yield Buffer.alloc(100_000, 'é');
      }
    }
    const wordy = await receiver((_message, response) => {
      response.on('close', () => {
        isCut = sent < 10_000_000;
      });
      response.writeHead(200);
      Readable.from(tenMegabytes()).pipe(response);
      return null;
    });

    const answer = await client()(wordy.url);

    expect(answer).toMatchObject({ kind: 'ANSWERED', status: 200 });
    expect(answer.kind === 'ANSWERED' && Buffer.byteLength(answer.answer)).toBeLessThanOrEqual(
      4_096,
    );
    await expect.poll(() => isCut).toBe(true);
  });

  test('that answers with what is no text is kept as text', async () => {
    const binary = await receiver((_message, response) => {
      response.writeHead(200).end(Buffer.from([0, 255, 65]));
      return null;
    });
    expect(await client()(binary.url)).toMatchObject({ answer: '\uFFFD\uFFFDA' });
  });

  test('that is not there, or breaks off, is unanswered', async () => {
    const gone = await receiver();
    await gone.stop();
    const rude = await receiver((_message, response) => {
      response.destroy();
      return null;
    });
    expect(await client()(gone.url)).toMatchObject({ kind: 'UNANSWERED', failure: 'CONNECTION' });
    expect(await client()(rude.url)).toMatchObject({ kind: 'UNANSWERED', failure: 'CONNECTION' });
  });

  test('whose name is not found is unanswered', async () => {
    const post = client({
      resolve: async () => {
        throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
      },
    });
    expect(await post('http://hooks.example')).toMatchObject({
      failure: 'CONNECTION',
      detail: expect.stringContaining('ENOTFOUND'),
    });
  });
});

describe('an address that is not of the internet', () => {
  const guarded = { isAllowed: isPublicAddress };

  test.for(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '127.1'])(
    'is not asked when it stands in the address as %s',
    async (host) => {
      const inside = await receiver();
      expect(await client(guarded)(`http://${host}:${inside.port}/`)).toMatchObject({
        kind: 'UNANSWERED',
        failure: 'ADDRESS_REFUSED',
      });
      expect(inside.received).toEqual([]);
    },
  );

  test('is not asked when a name leads to it', async () => {
    const inside = await receiver();
    expect(await client(guarded)(`http://hooks.example:${inside.port}/`)).toMatchObject({
      failure: 'ADDRESS_REFUSED',
      detail: expect.stringContaining('127.0.0.1'),
    });
    expect(inside.received).toEqual([]);
  });

  test('is not asked when the name leads to it the second time', async () => {
    const inside = await receiver();
    // As if 127.0.0.1 were of the internet and 127.0.0.2 were not.
    const answers = ['127.0.0.1', '127.0.0.2'];
    const endpoints = endpointClient({
      resolve: async () => [{ address: answers.shift() ?? '', family: 4 }],
      isAllowed: (address) => address === '127.0.0.1',
    });
    onTestFinished(() => endpoints.close());
    const url = `http://hooks.example:${inside.port}/`;
    // A socket that is kept would go where it went, with no look-up at all.
    const once = () => endpoints.post({ url, headers: { connection: 'close' }, body: '{}' });

    expect(await once()).toMatchObject({ kind: 'ANSWERED', status: 204 });
    expect(await once()).toMatchObject({ kind: 'UNANSWERED', failure: 'ADDRESS_REFUSED' });
    expect(inside.received).toHaveLength(1);
  });
});

describe('name servers', () => {
  test('that hang delay their own names alone', async () => {
    const resolve = internetResolve([await startNameServer({ 'hooks.example': '127.0.0.1' })]);
    const endpoint = await receiver();
    const post = client({ resolve, timeoutMs: 1_500 });
    const hanging = Array.from({ length: 12 }, (_, at) => post(`http://hanging${at}.example/`));
    const start = performance.now();

    const answer = await post(`http://hooks.example:${endpoint.port}/`);

    expect(answer).toMatchObject({ kind: 'ANSWERED', status: 204 });
    expect(performance.now() - start).toBeLessThan(1_000);
    for (const one of await Promise.all(hanging)) {
      expect(one).toMatchObject({ kind: 'UNANSWERED', failure: 'TIMEOUT' });
    }
  });

  test('say which addresses there are, and which names are not', async () => {
    const resolve = internetResolve([await startNameServer({ 'hooks.example': '10.1.2.3' })]);

    expect(await resolve('hooks.example')).toEqual([{ address: '10.1.2.3', family: 4 }]);
    await expect(resolve('nobody.example')).rejects.toThrow('ENOTFOUND');
    expect(
      await client({ resolve, isAllowed: isPublicAddress })('http://hooks.example/'),
    ).toMatchObject({ failure: 'ADDRESS_REFUSED' });
  });
});
