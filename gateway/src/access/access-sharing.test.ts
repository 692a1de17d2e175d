import { aGuest, anApp, anOperator, aViewer } from '@vitrine/testkit/viewers';
import { describe, expect, test } from 'vitest';
import { access, app, operator, person, read } from './access.fixture.ts';

describe('the scope in which a result may be shared', () => {
  const keyOf = (text: string, viewer: typeof person | null) =>
    access.scopeKeyOf(read(text), viewer);
  const other = aViewer({ userId: 'usr_other', sessionId: 'ses_other' });
  const staff = aViewer({ memberships: [{ shopId: 'shp_1', role: 'AGENT' }] });

  test('is everybody where nothing depends on who asks', () => {
    const keys = [null, person, other, staff, operator, app()].map((viewer) =>
      keyOf('{ people { name } }', viewer),
    );

    expect(new Set(keys).size).toBe(1);
  });

  test('is those for whom the same requirements hold', () => {
    const text = '{ people { friends { email } } }';

    expect(keyOf(text, person)).toBe(keyOf(text, other));
    expect(keyOf(text, person)).not.toBe(keyOf(text, null));
    expect(keyOf(text, person)).not.toBe(keyOf(text, app()));
    expect(keyOf(text, person)).toBe(keyOf(text, app('profile:read')));
  });

  test('is the viewer and the session where a field depends on them; guests are one viewer', () => {
    const text = '{ me { name } }';
    const viewers = [null, person, other, { ...person, sessionId: 'ses_2' }, staff];

    expect(new Set(viewers.map((viewer) => keyOf(text, viewer))).size).toBe(viewers.length);
    expect(keyOf(text, null)).toBe(keyOf(text, null));
    expect(keyOf(text, person)).toBe(keyOf(text, { ...person }));
  });

  test('is those of equal roles and memberships where a field depends on these', () => {
    const text = '{ people { drafts } }';

    expect(keyOf(text, person)).toBe(keyOf(text, other));
    expect(keyOf(text, person)).toBe(keyOf(text, null));
    expect(keyOf(text, staff)).not.toBe(keyOf(text, person));
    expect(keyOf(text, operator)).not.toBe(keyOf(text, person));
    expect(keyOf(text, staff)).not.toBe(
      keyOf(text, aViewer({ memberships: [{ shopId: 'shp_2', role: 'AGENT' }] })),
    );
    expect(keyOf(text, aGuest())).toBe(keyOf(text, null));
    expect(keyOf(text, anApp())).toBe(keyOf(text, null));
  });

  test('tells apart all ways in which rights can differ', () => {
    const text = '{ people { drafts } }';
    const ways = [
      anOperator(),
      anOperator({ duties: ['FINANCE'] }),
      anOperator({ hasSecondFactor: false }),
      anOperator({ appId: 'app_1' }),
      anOperator({ impersonatorId: 'usr_1' }),
      staff,
      { ...staff, hasSecondFactor: true },
      { ...staff, appId: 'app_1' },
      { ...staff, impersonatorId: 'usr_1' },
    ];

    expect(new Set(ways.map((viewer) => keyOf(text, viewer))).size).toBe(ways.length);
    expect(keyOf(text, anOperator({ duties: ['FINANCE', 'REVIEWS'] }))).toBe(
      keyOf(text, anOperator({ duties: ['REVIEWS', 'FINANCE'] })),
    );
  });

  test('is another where a session has gained a second factor, or a token has other scopes', () => {
    const text = '{ me { name } }';

    expect(keyOf(text, person)).not.toBe(keyOf(text, { ...person, hasSecondFactor: true }));
    expect(keyOf(text, app('a'))).not.toBe(keyOf(text, app('b')));
    expect(keyOf(text, app('a', 'b'))).toBe(keyOf(text, app('b', 'a')));
  });

  test('is not shared by those who lack different things', () => {
    const text = 'mutation { review { name } }';
    const lacking = [null, anOperator(), anOperator({ hasSecondFactor: false }), person];

    expect(new Set(lacking.map((viewer) => keyOf(text, viewer))).size).toBe(lacking.length);
  });
});
