import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Env, readEnv } from '@vitrine/platform/env';
import type { LaunchOptions, Shape } from './launch.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface StartArgs {
  readonly shape: Shape;
  readonly isWatching: boolean;
  readonly hasPlayer: boolean;
  readonly hasDemo: boolean;
}

const flags = ['--distributed', '--watch', '--no-player', '--no-demo'] as const;

/** Reads the command line of `npm start`. Throws on a flag that does not exist, naming those that do. */
export function readArgs(argv: readonly string[], env: Pick<Env, 'NO_PLAYER'>): StartArgs {
  const unknown = argv.filter((argument) => !flags.some((flag) => flag === argument));
  if (unknown.length > 0) {
    throw new Error(`${unknown.join(' ')} is not understood; there are ${flags.join(' ')}`);
  }
  const has = (flag: (typeof flags)[number]) => argv.includes(flag);
  return {
    shape: has('--distributed') ? 'distributed' : 'in-process',
    isWatching: has('--watch'),
    hasDemo: !has('--no-demo'),
    hasPlayer: !has('--no-player') && !has('--no-demo') && !env.NO_PLAYER,
  };
}

/** What the environment says about a launch; the same for `start`, `seed` and `reset`. */
export function launchOptionsOf(env: Env = readEnv()): Omit<LaunchOptions, 'shape'> {
  return {
    dataDir: resolve(root, env.DATA_DIR),
    port: env.PORT,
    publicUrl: env.PUBLIC_URL,
    namespace: env.NAMESPACE,
    mongoUrl: env.MONGODB_URL,
    redisUrl: env.REDIS_URL,
    env: {
      LOG_LEVEL: env.LOG_LEVEL,
      TRACE_SAMPLE_RATIO: String(env.TRACE_SAMPLE_RATIO),
      ...given('OTEL_EXPORTER_OTLP_ENDPOINT', env.OTEL_EXPORTER_OTLP_ENDPOINT),
      // A developer's endpoint is on the same machine, as a rule.
      ...(env.NODE_ENV === 'production'
        ? {}
        : { WEBHOOKS_ALLOW_PRIVATE: String(env.WEBHOOKS_ALLOW_PRIVATE ?? true) }),
      ...given('SMTP_URL', env.SMTP_URL),
      ...given('MAIL_FROM', env.MAIL_FROM),
      ...(env.S3_ENDPOINT === undefined
        ? {}
        : {
            S3_REGION: env.S3_REGION,
            ...given('S3_ENDPOINT', env.S3_ENDPOINT),
            ...given('S3_BUCKET', env.S3_BUCKET),
            ...given('S3_ACCESS_KEY_ID', env.S3_ACCESS_KEY_ID),
            ...given('S3_SECRET_ACCESS_KEY', env.S3_SECRET_ACCESS_KEY),
            ...given('S3_PUBLIC_URL', env.S3_PUBLIC_URL),
          }),
      ...given('METRICS_PORT', env.METRICS_PORT),
      ...given('METRICS_TOKEN', env.METRICS_TOKEN),
    },
  };
}

const given = (name: string, value: string | number | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: String(value) };
