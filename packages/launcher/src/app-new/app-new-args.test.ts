import { expect, test } from 'vitest';
import { readAppNewArgs, USUAL_SCOPES } from './app-new-args.ts';

const defaults = {
  url: 'http://localhost:4000',
  email: 'developer1@demo.vitrine.example',
  password: 'vitrine-demo',
};
const read = (...argv: string[]) => readAppNewArgs(argv, defaults);

test('without flags, the demo’s developer registers an app at the platform of this machine', () => {
  expect(read()).toEqual({
    ...defaults,
    name: 'My first app',
    description: expect.any(String),
    scopes: USUAL_SCOPES,
    redirectUris: ['http://localhost:8080/callback'],
    isSigningUp: false,
    format: 'text',
  });
});

test('every flag is understood', () => {
  expect(
    read(
      ...['--url', 'https://vitrine.example/graphql', '--name', 'Labels', '--json', '--sign-up'],
      ...['--email', 'ann@example.com', '--password', 'secret-enough'],
      ...[
        '--scopes',
        'orders:read,',
        '--redirect-uri',
        'https://a/',
        '--redirect-uri',
        'https://b/',
      ],
    ),
  ).toMatchObject({
    url: 'https://vitrine.example',
    name: 'Labels',
    email: 'ann@example.com',
    password: 'secret-enough',
    scopes: ['orders:read'],
    redirectUris: ['https://a/', 'https://b/'],
    isSigningUp: true,
    format: 'json',
  });
});

test.for([
  [['--jsno'], 'jsno'],
  [['--json', '--env'], 'either --json or --env'],
  [['--url', 'localhost:4000'], '--url is where'],
  [['--url', 'ftp://localhost'], '--url is where'],
  [['--email', 'ann@example.com'], 'go together'],
  [['--password', 'x'], 'go together'],
  [['--sign-up'], 'needs --email'],
] as const)('%s is refused with what is wrong and the usage', ([argv, message]) => {
  expect(() => read(...argv)).toThrow(message);
  expect(() => read(...argv)).toThrow('usage: npm run app:new');
});
