import { parseOptions } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { ARGON2, argon2Passwords, DECOY } from './password.argon2.ts';

test('a hash is of argon2id with the parameters of the policy, and differs each time', async () => {
  const [one, other] = await Promise.all([
    argon2Passwords.hash('correct horse'),
    argon2Passwords.hash('correct horse'),
  ]);

  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(other);
  expect(await argon2Passwords.isRight('correct horse', one)).toBe(true);
  expect(await argon2Passwords.isRight('battery staple', one)).toBe(false);
});

test('the decoy costs what a real hash costs', () => {
  expect(parseOptions(DECOY)).toMatchObject(ARGON2);
  expect(parseOptions(DECOY).outputLen).toBe(32);
});

test('nobody at all is refused, whatever they say', async () => {
  expect(await argon2Passwords.isRight('correct horse', null)).toBe(false);
});
