import { aGuest, anApp, anOperator, aViewer } from '@vitrine/testkit/viewers';
import { describe, expect, test } from 'vitest';
import { access, app, ask, codes, operator, paths, person, read } from './access.fixture.ts';

describe('an operation without protected fields', () => {
  test('is planned as it is, for everybody', () => {
    const operation = read('{ me { name } }');

    for (const viewer of [null, person, app()]) {
      expect(access.authorize(operation, {}, viewer)).toEqual({ planned: operation, errors: [] });
      expect(access.authorize(operation, {}, viewer).planned).toBe(operation);
    }
  });
});

describe('signing in', () => {
  test('is asked of guests alone', () => {
    const text = '{ me { name friends { name } } }';

    expect(ask(text, null)).toEqual({
      planned: '{ me { name } }',
      errors: [
        {
          message: 'Sign in to do this.',
          path: ['me', 'friends'],
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    });
    expect(ask(text, person)).toEqual({ planned: text, errors: [] });
    expect(ask(text, app())).toEqual({ planned: text, errors: [] });
  });

  test('comes before any scope or policy that is missing too', () => {
    expect(codes(ask('mutation { rename { name } ban { name } }', null))).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ]);
  });
});

describe('scopes', () => {
  test('limit apps to what they were granted, and name what is missing', () => {
    expect(ask('{ me { name email } }', app('orders:read'))).toEqual({
      planned: '{ me { name } }',
      errors: [
        {
          message: 'The app needs the scope profile:read.',
          path: ['me', 'email'],
          extensions: { code: 'MISSING_SCOPE', requiredScopes: [['profile:read']] },
        },
      ],
    });
    expect(ask('{ me { name email } }', app('profile:read')).errors).toEqual([]);
  });

  test('of one alternative must all be held', () => {
    const text = '{ me { phone } }';

    expect(codes(ask(text, app('profile:read')))).toEqual(['MISSING_SCOPE']);
    expect(ask(text, app('profile:read')).errors[0]?.message).toBe(
      'The app needs the scope profile:read and phone:read, or admin.',
    );
    expect(ask(text, app('profile:read', 'phone:read')).errors).toEqual([]);
    expect(ask(text, app('admin')).errors).toEqual([]);
  });

  test('do not limit people and guests, whom no app stands for', () => {
    expect(ask('{ me { email } }', person).errors).toEqual([]);
    expect(ask('{ me { email } }', null).errors).toEqual([]);
  });

  test('that a token states without an app limit it all the same', () => {
    expect(codes(ask('{ me { email } }', aViewer({ scopes: ['orders:read'] })))).toEqual([
      'MISSING_SCOPE',
    ]);
  });
});

describe('policies', () => {
  test('are for people who satisfy them, and never for an app in their name', () => {
    const text = '{ accounts { name } }';

    expect(codes(ask(text, person))).toEqual(['FORBIDDEN']);
    expect(ask(text, operator).errors).toEqual([]);
    expect(codes(ask(text, aViewer({ roles: ['OPERATOR'], appId: 'app_1' })))).toEqual([
      'FORBIDDEN',
    ]);
  });

  test("are held by an app in a person's name where they are of a shop or a creator", () => {
    const inTheName = { appId: 'app_1', scopes: [] };
    const manager = aViewer({ memberships: [{ shopId: 'shp_1', role: 'MANAGER' }] });
    const agent = aViewer({ memberships: [{ shopId: 'shp_1', role: 'AGENT' }] });
    const creator = aViewer({ roles: ['BUYER', 'CREATOR'] });
    const [sell, ship, perform] = ['sell', 'ship', 'perform'].map(
      (it) => `mutation { ${it} { id } }`,
    );
    const codeOf = (text: string | undefined, viewer: typeof person) =>
      codes(ask(text ?? '', viewer)).at(0) ?? 'ALLOWED';

    for (const more of [{}, inTheName]) {
      expect([manager, agent, creator].map((one) => codeOf(sell, { ...one, ...more }))).toEqual([
        'ALLOWED',
        'FORBIDDEN',
        'FORBIDDEN',
      ]);
      expect([manager, agent, creator].map((one) => codeOf(ship, { ...one, ...more }))).toEqual([
        'ALLOWED',
        'ALLOWED',
        'FORBIDDEN',
      ]);
      expect(codeOf(perform, { ...creator, ...more })).toBe('ALLOWED');
      expect(codeOf(perform, { ...manager, ...more })).toBe('FORBIDDEN');
    }
  });

  test('of an app are held by any app, for itself or for a person, and by nobody else', () => {
    const text = 'mutation { subscribe { id } }';

    expect(codes(ask(text, app('webhooks:manage')))).toEqual([]);
    expect(codes(ask(text, anApp({ scopes: ['webhooks:manage'] })))).toEqual([]);
    expect(codes(ask(text, anApp()))).toEqual(['MISSING_SCOPE']);
    expect(codes(ask(text, person))).toEqual(['FORBIDDEN']);
    expect(codes(ask(text, null))).toEqual(['UNAUTHENTICATED']);
    expect(codes(ask(text, aGuest()))).toEqual(['UNAUTHENTICATED']);
  });

  test('on a type keep out every field that returns it', () => {
    expect(ask('{ report { total notes { text } } me { name } }', person)).toMatchObject({
      planned: '{ me { name } }',
      errors: [{ path: ['report'], extensions: { code: 'FORBIDDEN' } }],
    });
    expect(codes(ask('{ report { __typename } }', null))).toEqual(['UNAUTHENTICATED']);
  });
});

describe('a second factor', () => {
  const review = 'mutation { review { id } }';
  const payOut = 'mutation { payOut { id } }';
  const owner = aViewer({ memberships: [{ shopId: 'shp_1', role: 'OWNER' }] });

  test('is told to be missing to those who need nothing else', () => {
    const error = {
      message: 'Sign in with a one-time password to do this.',
      path: ['payOut'],
      extensions: { code: 'SECOND_FACTOR_REQUIRED' },
    };

    expect(ask(payOut, owner)).toEqual({ planned: null, errors: [error] });
    expect(ask(payOut, { ...owner, hasSecondFactor: true }).errors).toEqual([]);
    expect(codes(ask(review, anOperator({ hasSecondFactor: false })))).toEqual([
      'SECOND_FACTOR_REQUIRED',
    ]);
    expect(codes(ask(review, anOperator()))).toEqual([]);
  });

  test('helps nobody who lacks the role or the duty', () => {
    expect(codes(ask(payOut, person))).toEqual(['FORBIDDEN']);
    expect(codes(ask(payOut, aViewer({ hasSecondFactor: true })))).toEqual(['FORBIDDEN']);
    expect(codes(ask(review, anOperator({ duties: ['FINANCE'], hasSecondFactor: false })))).toEqual(
      ['FORBIDDEN'],
    );
    expect(codes(ask(review, anOperator({ duties: ['FINANCE'] })))).toEqual(['FORBIDDEN']);
    // Duties without the role are nothing.
    expect(codes(ask(review, anOperator({ roles: ['BUYER'] })))).toEqual(['FORBIDDEN']);
  });

  test("cannot be shown by an app nor by an operator in a person's name", () => {
    for (const more of [{ appId: 'app_1' }, { impersonatorId: 'usr_operator' }]) {
      const known = { ...owner, ...more, hasSecondFactor: true };
      expect(codes(ask(payOut, known))).toEqual(['FORBIDDEN']);
      expect(codes(ask(payOut, { ...known, hasSecondFactor: false }))).toEqual(['FORBIDDEN']);
      expect(codes(ask(review, anOperator(more)))).toEqual(['FORBIDDEN']);
    }
  });
});

describe('who is not a person', () => {
  test('is asked to sign in as a guest, and turned away as an app for itself', () => {
    const text = 'mutation { rename { name } }';

    expect(codes(ask(text, aGuest()))).toEqual(['UNAUTHENTICATED']);
    expect(codes(ask(text, anApp({ scopes: ['profile:write'] })))).toEqual(['FORBIDDEN']);
    expect(codes(ask('{ me { email } }', anApp()))).toEqual(['MISSING_SCOPE']);
    expect(codes(ask('{ me { email } }', aGuest()))).toEqual([]);
  });
});

describe('abstract types', () => {
  test('a field of an interface asks for what every implementation asks for', () => {
    expect(ask('{ things { name } }', null)).toMatchObject({
      planned: '{ things { __typename } }',
      errors: [{ path: ['things', '@', 'name'] }],
    });
    expect(ask('{ things { name } }', person).errors).toEqual([]);
  });

  test('a fragment asks for what its own type asks for', () => {
    const text = '{ things { ... on Stall { name } ... on Club { name } } }';

    expect(ask(text, null)).toMatchObject({
      planned: '{ things { ... on Stall { name } } }',
      errors: [{ path: ['things', '@', 'name'] }],
    });
  });

  test('members of a union are told apart, also behind a shared alias', () => {
    const text = '{ thing { ... on Stall { a: name } ... on Club { a: open b: name } } }';

    expect(ask(text, null).planned).toBe('{ thing { ... on Stall { a: name } } }');
    expect(paths(ask(text, null))).toEqual(['thing.a', 'thing.b']);
  });
});

describe('what is left', () => {
  test('an object all of whose fields are denied is still asked for', () => {
    expect(ask('{ me { email } }', app()).planned).toBe('{ me { __typename } }');
  });

  test('is nothing where every root field is denied', () => {
    expect(ask('{ accounts { name } }', person).planned).toBeNull();
    expect(ask('subscription { mine { name } }', null)).toMatchObject({
      planned: null,
      errors: [{ path: ['mine'], extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('are the other mutations', () => {
    expect(
      ask('mutation { signIn { name } a: ban { name } b: signIn { id } }', person),
    ).toMatchObject({
      planned: 'mutation { signIn { name } b: signIn { id } }',
      errors: [{ path: ['a'], extensions: { code: 'FORBIDDEN' } }],
    });
  });

  test('holds no fragment that lost its fields, and no variable that nobody uses', () => {
    const text = `query Q($full: Boolean!, $other: Boolean!) {
      me { ...P id @include(if: $other) }
    }
    fragment P on Person { ...Private name }
    fragment Private on Person { email @include(if: $full) }`;

    expect(ask(text, app(), { full: true, other: true })).toMatchObject({
      planned:
        'query Q($other: Boolean!) { me { ...P id @include(if: $other) } } fragment P on Person { name }',
      errors: [{ path: ['me', 'email'] }],
    });
  });
});

describe('a field that is skipped', () => {
  test('by its variables or by itself is not reported', () => {
    const text = `query Q($full: Boolean = true) {
      me { name email @include(if: $full) ...Rest @skip(if: $full)
           never: phone @include(if: false) }
    }
    fragment Rest on Person { phone }`;

    expect(paths(ask(text, app()))).toEqual(['me.email']);
    expect(paths(ask(text, app(), { full: true }))).toEqual(['me.email']);
    expect(paths(ask(text, app(), { full: false }))).toEqual(['me.phone']);
  });
});

test('the same place is reported once, however often it is selected', () => {
  expect(paths(ask('{ me { email email ... on Person { email } } }', app()))).toEqual(['me.email']);
});

test('fragments that spread each other a million times are refused in no time', () => {
  const levels = Array.from({ length: 20 }, (_, level) => level);
  const bomb = levels
    .map((level) => `fragment F${level} on Person { ...F${level + 1} ...F${level + 1} }`)
    .join('\n');
  const began = performance.now();

  const answer = ask(`{ me { ...F0 } } ${bomb} fragment F20 on Person { email }`, app());

  expect(paths(answer)).toEqual(['me.email']);
  expect(answer.planned).toBe('{ me { __typename } }');
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('viewers of equal rights are given the very same operation, so that one plan serves them', () => {
  const text = '{ me { name email } }';
  const one = access.authorize(read(text), {}, app('a'));
  const other = access.authorize(read(text), {}, { ...app('b'), userId: 'usr_other' });

  expect(other.planned).toBe(one.planned);
  expect(one.planned?.key).not.toBe(read(text).key);
  expect(access.authorize(read(text), {}, app('profile:read')).planned?.key).toBe(read(text).key);
});
