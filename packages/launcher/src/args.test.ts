import { isAbsolute } from 'node:path';
import { readEnv } from '@vitrine/platform/env';
import { describe, expect, test } from 'vitest';
import { launchOptionsOf, readArgs } from './args.ts';

const read = (...argv: string[]) => readArgs(argv, { NO_PLAYER: false });

describe('the command line of a start', () => {
  test('may be empty: one process for all subgraphs, with the demo and its player', () => {
    expect(read()).toEqual({
      shape: 'in-process',
      isWatching: false,
      hasDemo: true,
      hasPlayer: true,
    });
  });

  test.for([
    ['--distributed', { shape: 'distributed' }],
    ['--watch', { isWatching: true }],
    ['--no-player', { hasPlayer: false, hasDemo: true }],
    ['--no-demo', { hasPlayer: false, hasDemo: false }],
  ] as const)('understands %s', ([flag, expected]) => {
    expect(read(flag)).toMatchObject(expected);
  });

  test('is refused with every word that means nothing, and the flags there are', () => {
    const misspelt = () => read('--distribute', '--no-player', 'now');

    expect(misspelt).toThrow('--distribute now is not understood');
    expect(misspelt).toThrow('--distributed --watch --no-player --no-demo');
  });

  test('can be told by the environment to leave the player out', () => {
    expect(readArgs([], { NO_PLAYER: true }).hasPlayer).toBe(false);
  });
});

describe('the environment of a launch', () => {
  test('says where the data lie, from the project’s root unless it is a whole path', () => {
    const { dataDir } = launchOptionsOf(readEnv({}));

    expect(isAbsolute(dataDir)).toBe(true);
    expect(dataDir).toMatch(/\.data$/);
    expect(launchOptionsOf(readEnv({ DATA_DIR: '/srv/vitrine' })).dataDir).toBe('/srv/vitrine');
  });

  test('says how every process is observed, and nothing of what is left out', () => {
    expect(launchOptionsOf(readEnv({})).env).toEqual({
      LOG_LEVEL: 'info',
      TRACE_SAMPLE_RATIO: '1',
      WEBHOOKS_ALLOW_PRIVATE: 'true',
    });
    const observed = {
      LOG_LEVEL: 'warn',
      TRACE_SAMPLE_RATIO: '0.25',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      METRICS_PORT: '9464',
      METRICS_TOKEN: 'a-token-of-operators',
      SMTP_URL: 'smtp://127.0.0.1:2525',
      MAIL_FROM: 'Vitrine <no-reply@shop.example>',
      WEBHOOKS_ALLOW_PRIVATE: 'false',
    };
    expect(launchOptionsOf(readEnv(observed)).env).toEqual(observed);
  });

  test('says which bucket files are kept in', () => {
    const bucket = {
      S3_ENDPOINT: 'https://s3.example',
      S3_BUCKET: 'pictures',
      S3_REGION: 'eu-1',
      S3_ACCESS_KEY_ID: 'id',
      S3_SECRET_ACCESS_KEY: 'secret',
      S3_PUBLIC_URL: 'https://cdn.example',
    };
    expect(launchOptionsOf(readEnv(bucket)).env).toMatchObject(bucket);
  });

  test('says which servers to use, and where clients come in', () => {
    const env = readEnv({
      PORT: '4100',
      MONGODB_URL: 'mongodb://127.0.0.1:1',
      REDIS_URL: 'redis://127.0.0.1:2',
      NAMESPACE: 'second',
      PUBLIC_URL: 'https://shop.example',
    });

    expect(launchOptionsOf(env)).toMatchObject({
      port: 4100,
      mongoUrl: 'mongodb://127.0.0.1:1',
      redisUrl: 'redis://127.0.0.1:2',
      namespace: 'second',
      publicUrl: 'https://shop.example',
    });
  });
});
