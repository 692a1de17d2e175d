import { expect, test } from 'vitest';
import { joseSecretBox } from './secret-box.jose.ts';

const box = joseSecretBox('a secret of at least thirty-two signs');

test('a sealed secret opens for its person, and tells nothing', async () => {
  const sealed = await box.seal('usr_1', 'JBSWY3DPEHPK3PXP');

  expect(sealed).not.toContain('JBSWY3DPEHPK3PXP');
  expect(await box.seal('usr_1', 'JBSWY3DPEHPK3PXP')).not.toBe(sealed);
  expect(await box.open('usr_1', sealed)).toBe('JBSWY3DPEHPK3PXP');
});

test('it opens for nobody else, with no other key, and not when it was changed', async () => {
  const sealed = await box.seal('usr_1', 'JBSWY3DPEHPK3PXP');
  const [header = '', ...rest] = sealed.split('.');
  const other = Buffer.from(
    Buffer.from(header, 'base64url').toString().replace('usr_1', 'usr_2'),
  ).toString('base64url');

  await expect(box.open('usr_2', sealed)).rejects.toThrow();
  await expect(box.open('usr_2', [other, ...rest].join('.'))).rejects.toThrow();
  await expect(
    joseSecretBox('another secret of thirty-two signs').open('usr_1', sealed),
  ).rejects.toThrow();
});

test('a new key seals from now on, and what the old one has sealed still opens', async () => {
  const [old, next] = [
    'an old secret of thirty-two signs..',
    'a new secret of thirty-two signs...',
  ];
  const sealed = await joseSecretBox(old).seal('usr_1', 'JBSWY3DPEHPK3PXP');
  const both = joseSecretBox(`${next},${old}`);

  expect(await both.open('usr_1', sealed)).toBe('JBSWY3DPEHPK3PXP');
  const again = await both.seal('usr_1', 'JBSWY3DPEHPK3PXP');
  expect(await joseSecretBox(next).open('usr_1', again)).toBe('JBSWY3DPEHPK3PXP');
  await expect(joseSecretBox(old).open('usr_1', again)).rejects.toThrow(/no key/);
});
