import { describe, expect, test } from 'vitest';
import { EnvError, readEnv } from './env.ts';

describe('the environment', () => {
  test('may be empty: one machine needs no configuration', () => {
    const env = readEnv({});

    expect(env).toMatchObject({ PORT: 4000, NAMESPACE: 'vitrine', SUBGRAPH_URLS: {} });
  });

  test('that is wrong in several places is told of all of them at once', () => {
    const read = () => readEnv({ PORT: 'http', LOG_LEVEL: 'loud', MONGODB_URL: 'here' });

    expect(read).toThrow(EnvError);
    for (const name of ['PORT', 'LOG_LEVEL', 'MONGODB_URL']) expect(read).toThrow(name);
  });

  test('takes an empty variable for a missing one', () => {
    expect(readEnv({ PORT: '' }).PORT).toBe(4000);
  });

  test('of production needs its own secrets and servers', () => {
    const read = () => readEnv({ NODE_ENV: 'production' });

    for (const name of [
      'TOKEN_SECRET',
      'VIEWER_SECRET',
      'SECOND_FACTOR_SECRET',
      'MONGODB_URL',
      'REDIS_URL',
    ]) {
      expect(read).toThrow(`${name}: is required in production`);
    }
  });

  test('names remote subgraphs as pairs', () => {
    const { SUBGRAPH_URLS } = readEnv({
      SUBGRAPH_URLS: 'catalog=http://127.0.0.1:4103/graphql, orders=http://10.0.0.7/graphql',
    });

    expect(SUBGRAPH_URLS).toEqual({
      catalog: 'http://127.0.0.1:4103/graphql',
      orders: 'http://10.0.0.7/graphql',
    });
    expect(() => readEnv({ SUBGRAPH_URLS: 'catalog' })).toThrow('no name=url pair');
  });

  test('sizes the buckets of people, guests and apps', () => {
    expect(readEnv({ QUOTAS: 'viewer=10:1, app=20:2' }).QUOTAS).toEqual({
      viewer: { maximum: 10, restoreRate: 1 },
      app: { maximum: 20, restoreRate: 2 },
    });
    expect(() => readEnv({ QUOTAS: 'robot=1:1' })).toThrow('"robot=1:1" is not such as');
  });

  test('takes a list of secrets to change one, each long enough', () => {
    const [old, next] = ['o'.repeat(32), 'n'.repeat(32)];
    expect(readEnv({ TOKEN_SECRET: `${next}, ${old}` }).TOKEN_SECRET).toBe(`${next}, ${old}`);
    for (const bad of [`${next},short`, ',', ' ']) {
      expect(() => readEnv({ VIEWER_SECRET: bad })).toThrow('VIEWER_SECRET');
    }
  });

  test('names the proxies that are believed, which are none at first', () => {
    expect(readEnv({}).TRUSTED_PROXIES).toEqual([]);
    expect(
      readEnv({ TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,192.0.2.1' }).TRUSTED_PROXIES,
    ).toEqual(['10.0.0.0/8', '2001:db8::/32', '192.0.2.1']);
    for (const wrong of ['proxy', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '2001:db8::/129']) {
      expect(() => readEnv({ TRUSTED_PROXIES: wrong })).toThrow('no address or network');
    }
  });

  test('traces nothing and serves no metrics of workers unless it says so', () => {
    const { OTEL_EXPORTER_OTLP_ENDPOINT, METRICS_PORT, METRICS_TOKEN, TRACE_SAMPLE_RATIO } =
      readEnv({ METRICS_TOKEN: '', OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    expect([OTEL_EXPORTER_OTLP_ENDPOINT, METRICS_PORT, METRICS_TOKEN]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(TRACE_SAMPLE_RATIO).toBe(1);
    for (const [name, value] of [
      ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
      ['TRACE_SAMPLE_RATIO', '1.5'],
      ['METRICS_PORT', '-1'],
      ['METRICS_TOKEN', 'short'],
    ] as const) {
      expect(() => readEnv({ [name]: value })).toThrow(name);
    }
  });

  test('lets any document pass unless only trusted ones are wanted', () => {
    expect(readEnv({}).TRUSTED_DOCUMENTS).toBe('any');
    expect(readEnv({ TRUSTED_DOCUMENTS: 'only' }).TRUSTED_DOCUMENTS).toBe('only');
    expect(() => readEnv({ TRUSTED_DOCUMENTS: 'yes' })).toThrow('TRUSTED_DOCUMENTS');
  });

  test('sends mail from somebody, or not at all', () => {
    const SMTP_URL = 'smtp://mail.example:587';
    const MAIL_FROM = 'Vitrine <no-reply@shop.example>';

    expect(readEnv({}).SMTP_URL).toBeUndefined();
    expect(readEnv({ SMTP_URL, MAIL_FROM })).toMatchObject({ SMTP_URL, MAIL_FROM });
    expect(() => readEnv({ SMTP_URL })).toThrow('MAIL_FROM: is required where SMTP_URL is given');
    expect(() => readEnv({ SMTP_URL: 'https://mail.example', MAIL_FROM })).toThrow('SMTP_URL');
  });

  test('refuses a short secret and a namespace that would break database names', () => {
    expect(() => readEnv({ TOKEN_SECRET: 'short' })).toThrow('TOKEN_SECRET');
    expect(() => readEnv({ NAMESPACE: 'my shop' })).toThrow('NAMESPACE');
  });
});
