import { parseArgs } from 'node:util';
import type { Scope } from '@vitrine/platform/scopes';

export interface AppNewArgs {
  /** Where the platform is, such as `http://localhost:4000`. */
  readonly url: string;
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly description: string;
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
  /** Opens an account first. */
  readonly isSigningUp: boolean;
  /** What is printed: for people, for scripts, or to be read by a shell. */
  readonly format: 'text' | 'json' | 'env';
}

export const USAGE = `usage: npm run app:new -- [--url http://localhost:4000] [--name "My app"]
  [--description "What it does"] [--email you@example.com --password …] [--sign-up]
  [--scopes orders:read,products:write] [--redirect-uri http://localhost:8080/callback]
  [--json | --env]`;

/** What an app needs to follow and fulfil orders of its test shop, and to place one there. */
export const USUAL_SCOPES: readonly Scope[] = [
  'cart:read',
  'cart:write',
  'addresses:read',
  'addresses:write',
  'orders:place',
  'orders:read',
  'orders:cancel',
  'orders:fulfil',
  'packages:read',
  'products:read',
  'products:write',
  'stock:read',
  'stock:write',
];

interface Defaults {
  readonly url: string;
  readonly email: string;
  readonly password: string;
}

/** Reads the command line. Throws with what is wrong and how it is used. */
export function readAppNewArgs(argv: readonly string[], defaults: Defaults): AppNewArgs {
  const values = valuesOf(argv);
  const { json, env, url = defaults.url } = values;
  if (json && env) throw new Error(`either --json or --env\n${USAGE}`);
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Error(`--url is where the platform is, such as ${defaults.url}\n${USAGE}`);
  }
  if ((values.email === undefined) !== (values.password === undefined)) {
    throw new Error(`--email and --password go together\n${USAGE}`);
  }
  if (values['sign-up'] && values.email === undefined) {
    throw new Error(`--sign-up needs --email and --password\n${USAGE}`);
  }
  return {
    url: new URL(url).origin,
    email: values.email ?? defaults.email,
    password: values.password ?? defaults.password,
    name: values.name,
    description: values.description,
    scopes: values.scopes.split(',').filter((scope) => scope !== ''),
    redirectUris: values['redirect-uri'],
    isSigningUp: values['sign-up'],
    format: json ? 'json' : env ? 'env' : 'text',
  };
}

function valuesOf(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      options: {
        url: { type: 'string' },
        email: { type: 'string' },
        password: { type: 'string' },
        name: { type: 'string', default: 'My first app' },
        description: { type: 'string', default: 'Tries the platform out in its test market.' },
        scopes: { type: 'string', default: USUAL_SCOPES.join(',') },
        'redirect-uri': {
          type: 'string',
          multiple: true,
          default: ['http://localhost:8080/callback'],
        },
        'sign-up': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        env: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}
