import { isIP } from 'node:net';
import { z } from 'zod';
import { secretsOf } from './keys.ts';

const flag = z.stringbool().default(false);

/** An address, or one with the length of its prefix, such as `10.0.0.0/8`. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
}

/** Development secrets are fine on one machine and refused in production. */
const secret = (name: string) =>
  z
    .string()
    .refine((list) => secretsOf(list).length > 0, 'needs a secret')
    .refine(
      (list) => secretsOf(list).every((secret) => secret.length >= 32),
      'needs at least 32 characters in each secret',
    )
    .default(`development-only-${name}-secret-0123456789`);

const variables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  /** The gateway's port. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  HOST: z.string().default('127.0.0.1'),
  MONGODB_URL: z.url().optional(),
  REDIS_URL: z.url().optional(),
  /** Put before every database name and Redis key, so that several platforms share servers. */
  NAMESPACE: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,30}$/, 'is lower-case letters, digits and underscores, at most 31')
    .default('vitrine'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Signs access tokens. A list to change it: `new,old`, of which the first signs and all verify. */
  TOKEN_SECRET: secret('token'),
  /** Signs the viewer header between the gateway and its subgraphs. A list as `TOKEN_SECRET`. */
  VIEWER_SECRET: secret('viewer'),
  /** Keeps the secrets of people's one-time passwords; another one makes these unreadable. */
  SECOND_FACTOR_SECRET: secret('second-factor'),
  /** The server that mail is handed to, such as `smtps://user:password@mail.example:465`. Without, mail is kept and read at `/dev/mail`. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** Whom mail is from, such as `Vitrine <no-reply@shop.example>`. */
  MAIL_FROM: z.string().optional(),
  /** Remote subgraphs as `name=url` pairs: `catalog=http://10.0.0.7:4103/graphql,orders=…`. */
  SUBGRAPH_URLS: z
    .string()
    .default('')
    .transform((text, ctx) => {
      const pairs = text.split(',').filter((pair) => pair.trim() !== '');
      return Object.fromEntries(
        pairs.map((pair) => {
          const at = pair.indexOf('=');
          const [name, url] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
          if (at < 1 || !URL.canParse(url)) ctx.addIssue(`"${pair}" is no name=url pair`);
          return [name, url];
        }),
      );
    }),
  /** Where `npm start` keeps the data of its own servers, pictures, secrets and logs; from the project's root. */
  DATA_DIR: z.string().default('.data'),
  /** Where pictures lie that `/media/` serves. */
  MEDIA_DIR: z.string().default('.data/media'),
  /** Where files lie that nothing serves by itself, such as exports; `private` beside `MEDIA_DIR` without. */
  PRIVATE_DIR: z.string().optional(),
  /** Keeps files in a bucket of S3 or a server like it instead, such as `https://s3.eu-central-1.amazonaws.com`. */
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of a bucket')
    .optional(),
  S3_REGION: z.string().default('auto'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  /** Where clients read what lies in the bucket, if not at its endpoint: `https://cdn.example`. */
  S3_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where the gateway keeps its most used operations, to plan them at its next start. */
  PLANS_DIR: z.string().default('.data/plans'),
  /** What clients call the gateway; pictures are addressed by it. */
  PUBLIC_URL: z.url().optional(),
  /** Sites whose pages may call the gateway, comma-separated, such as `https://shop.example`; `*` for all. */
  CORS_ORIGINS: z
    .string()
    .default('*')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    ),
  /**
   * Proxies in front of the gateway, as addresses or networks: `10.0.0.0/8,2001:db8::/32`. Where one of
   * them forwards a request, `X-Forwarded-For` tells the client. Nobody is believed by default.
   */
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text, ctx) => {
      const networks = text
        .split(',')
        .map((network) => network.trim())
        .filter((network) => network !== '');
      for (const network of networks) {
        if (!isNetwork(network)) ctx.addIssue(`"${network}" is no address or network`);
      }
      return networks;
    }),
  /** Where a collector takes OTLP over HTTP, such as `http://127.0.0.1:4318`. Nothing is traced without. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** The share of operations that is traced. */
  TRACE_SAMPLE_RATIO: z.coerce.number().min(0).max(1).default(1),
  /** Where a worker process serves `/metrics` and `/healthz`; it has no port without. 0 for any free one. */
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** Whoever reads `/metrics` shows this as a bearer token. Without it, only private addresses may read. */
  METRICS_TOKEN: z.string().min(16, 'needs at least 16 characters').optional(),
  /**
   * Cost that a signed-in person, a guest's address and an app may spend at once, and what comes back
   * each second: `viewer=20000:1000,guest=20000:500,app=200000:10000`.
   */
  QUOTAS: z
    .string()
    .default('')
    .transform((text, ctx) => {
      const pairs = text.split(',').filter((pair) => pair.trim() !== '');
      return Object.fromEntries(
        pairs.map((pair) => {
          const match = /^(viewer|guest|app)=(\d{1,12}):(\d{1,12})$/.exec(pair.trim());
          if (!match) ctx.addIssue(`"${pair}" is not such as guest=20000:500`);
          const [, name = '', maximum, restoreRate] = match ?? [];
          return [name, { maximum: Number(maximum), restoreRate: Number(restoreRate) }];
        }),
      );
    }),
  /**
   * `only`: the gateway carries out nothing but the documents of its manifest (`npm run documents`).
   * `any`: whatever clients send, as long as limits and cost allow it.
   */
  TRUSTED_DOCUMENTS: z.enum(['any', 'only']).default('any'),
  SHUTDOWN_SECONDS: z.coerce.number().positive().default(10),
  /** Fault injection for tests: the process kills itself when it reaches the point of this name. */
  CRASH_AT: z.string().optional(),
  /**
   * Sends webhooks to plain HTTP and to addresses of this machine and its network as well, for
   * developers. Production refuses to start with it: who registers a webhook could read the network.
   */
  WEBHOOKS_ALLOW_PRIVATE: z.stringbool().optional(),
  /** Makes the player of the demo room stay quiet. */
  NO_PLAYER: flag,
});

export type Env = z.output<typeof variables>;

const requiredInProduction = [
  'TOKEN_SECRET',
  'VIEWER_SECRET',
  'SECOND_FACTOR_SECRET',
  'MONGODB_URL',
  'REDIS_URL',
];

/** Every variable that is wrong, in one message. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
}

/**
 * Parses the environment once per process. Throws an `EnvError` that names all wrong variables;
 * production additionally refuses to start with the development secrets or without servers.
 */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(present);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (present['NODE_ENV'] === 'production') {
    for (const name of requiredInProduction) {
      if (present[name] === undefined) problems.push(`${name}: is required in production`);
    }
  }
  if (present['SMTP_URL'] !== undefined && present['MAIL_FROM'] === undefined) {
    problems.push('MAIL_FROM: is required where SMTP_URL is given');
  }
  if (present['S3_ENDPOINT'] !== undefined) {
    for (const name of ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']) {
      if (present[name] === undefined) problems.push(`${name}: is required beside S3_ENDPOINT`);
    }
  }
  if (present['NODE_ENV'] === 'production' && parsed.data?.WEBHOOKS_ALLOW_PRIVATE) {
    problems.push('WEBHOOKS_ALLOW_PRIVATE: is refused in production');
  }
  if (problems.length > 0 || !parsed.success) {
    throw new EnvError(
      `The environment is not usable.\n${problems.map((p) => `  ${p}`).join('\n')}`,
    );
  }
  return parsed.data;
}

/** What a child process needs of its parent's environment to find programs and folders, and nothing more. */
export const inheritedEnv = (): Record<string, string> => {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }) };
};
