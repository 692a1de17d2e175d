import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordedChange, WITHHELD } from './audit-change.ts';

describe('what the log keeps of a change', () => {
  test('is what differs, on both sides', () => {
    expect(
      recordedChange(
        { price: { minor: 1990n, currency: 'EUR' }, title: 'Batik', state: 'DRAFT' },
        {
          price: { minor: 1590n, currency: 'EUR' },
          title: 'Batik',
          state: 'DRAFT',
          at: new Date(0),
        },
      ),
    ).toEqual({
      before: { price: { minor: '1990', currency: 'EUR' } },
      after: { price: { minor: '1590', currency: 'EUR' }, at: '1970-01-01T00:00:00.000Z' },
    });
  });

  test('is all of a thing that was made or removed', () => {
    expect(recordedChange(undefined, { role: 'AGENT' })).toEqual({
      before: null,
      after: { role: 'AGENT' },
    });
    expect(recordedChange({ role: 'AGENT' }, undefined).after).toBeNull();
  });

  test('tells of secrets and personal data that they changed, and no more', () => {
    const secrets = {
      password: 'correct horse',
      passwordHash: 'argon2',
      refreshToken: 't',
      accessTokens: ['a'],
      clientSecret: 's',
      totpSecret: 'x',
      oneTimePassword: '123456',
      recoveryCodes: ['c'],
      signingSecrets: ['whsec_'],
      authorization: 'Bearer',
      tokenHash: 'h',
      code: '123456',
      email: 'ann@example.com',
      displayName: 'Ann',
      recipientName: 'Ann',
      phone: '+62',
      street: 'Jalan',
      lines: ['Jalan 1'],
      postalCode: '10110',
    };

    const { after } = recordedChange(undefined, { nested: secrets, ...secrets });

    expect(Object.values(after ?? {}).slice(1)).toEqual(Object.keys(secrets).map(() => WITHHELD));
    expect(after?.['nested']).toEqual(
      Object.fromEntries(Object.keys(secrets).map((key) => [key, WITHHELD])),
    );
  });

  test('names what a shop is called and does, which is public', () => {
    const open = {
      name: 'Batik House',
      currencyCode: 'IDR',
      countryCode: 'ID',
      scopes: ['x:read'],
    };

    expect(recordedChange(undefined, open).after).toEqual(open);
  });

  test('says which fields are too long to keep', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [`field${n}`, 'x'.repeat(200)]),
    );

    const { after } = recordedChange(undefined, wide);

    expect(Object.keys(after ?? {})).toEqual(Object.keys(wide));
    expect(after?.['field7']).toBe('…');
  });

  test('holds what JSON can say: no negative zero, and no date that is none', () => {
    const { after } = recordedChange(undefined, { balance: -0, at: new Date(Number.NaN) });
    expect(after).toEqual({ balance: 0, at: null });
  });

  test('is bounded and JSON, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ maxLength: 60 }),
          fc.anything({ withDate: true, withBigInt: true }),
        ),
        (record) => {
          const { after } = recordedChange(undefined, record);
          const text = JSON.stringify(after);

          expect(text.length).toBeLessThan(8_000);
          expect(JSON.parse(text)).toEqual(after);
        },
      ),
    );
  });
});
