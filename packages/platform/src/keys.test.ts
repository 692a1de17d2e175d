import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { secretsOf, signedTokens } from './keys.ts';
import { accessTokens, type Viewer, viewerSigner } from './viewer.ts';

const older = 'the-older-secret-of-at-least-thirty-two-characters';
const newer = 'the-newer-secret-of-at-least-thirty-two-characters';
const viewer: Viewer = {
  kind: 'PERSON',
  userId: 'usr_1',
  sessionId: 'ses_1',
  roles: ['BUYER'],
  duties: [],
  hasSecondFactor: false,
  scopes: [],
  memberships: [],
};
const kind = { audience: 'vitrine:gateway', lifetimeSeconds: 60 };
const unauthenticated = { extensions: { code: 'UNAUTHENTICATED' } };
const refused = (token: string, secrets = older) =>
  expect(accessTokens(secrets).verify(token)).rejects.toMatchObject(unauthenticated);
const kidOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;

test('a list is read by its commas', () => {
  expect(secretsOf(` ${newer}, ${older},`)).toEqual([newer, older]);
  expect(() => signedTokens(' , ', kind)).toThrow('No secret');
});

describe('a secret that is changed', () => {
  test('signs nobody out: what the old one signed is good until the old one is taken away', async () => {
    const before = await accessTokens(older).sign(viewer);
    const during = accessTokens(`${newer},${older}`);
    expect(await during.verify(before)).toEqual(viewer);
    await refused(before, newer);
  });

  test('can be rolled out process by process, for whoever knows both verifies both', async () => {
    const first = accessTokens(`${older},${newer}`);
    const second = accessTokens(`${newer},${older}`);
    expect(await first.verify(await second.sign(viewer))).toEqual(viewer);
    expect(await second.verify(await first.sign(viewer))).toEqual(viewer);
  });

  test('is named in the token by the first of the list, which tells nothing of it', async () => {
    const [a, b] = [
      await accessTokens(`${older},${newer}`).sign(viewer),
      await accessTokens(newer).sign(viewer),
    ];
    expect(kidOf(a)).toBe(kidOf(await accessTokens(older).sign(viewer)));
    expect(kidOf(b)).not.toBe(kidOf(a));
    expect(kidOf(a)).toHaveLength(8);
  });
});

test('a token may be good for less than its kind is, and not for more', async () => {
  const tokens = signedTokens(older, kind);
  const lifetimeOf = async (lifetimeSeconds: number) => {
    const { iat = 0, exp = 0 } = await tokens.verify(await tokens.sign({}, { lifetimeSeconds }));
    // Ends by the second and begins by the millisecond.
    return Math.ceil(exp - iat);
  };
  expect(await lifetimeOf(20)).toBe(20);
  expect(await lifetimeOf(600)).toBe(60);
});

describe('a token is refused', () => {
  const kid = async () => kidOf(await accessTokens(older).sign(viewer));
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const now = () => Math.floor(Date.now() / 1_000);
  /** As the platform makes it, but for what is given. */
  const made = async (claims: object, header: object = {}, secret = older) =>
    new SignJWT({ aud: kind.audience, iat: now(), exp: now() + 60, viewer, ...claims })
      .setProtectedHeader({ alg: 'HS256', kid: await kid(), ...header })
      .sign(new TextEncoder().encode(secret));

  test('but one made like ours is not, so that the others are refused for what they differ in', async () => {
    expect(await accessTokens(older).verify(await made({}))).toEqual(viewer);
  });

  test('that is not signed, whatever it says of its algorithm', async () => {
    const payload = encode({ aud: kind.audience, iat: now(), exp: now() + 60, viewer });
    for (const alg of ['none', 'None', 'NONE', 'HS256']) {
      await refused(`${encode({ alg, kid: await kid() })}.${payload}.`);
    }
  });

  test('that is signed by another algorithm, ours or one of a key pair', async () => {
    await refused(await made({}, { alg: 'HS512' }));
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const signed = await new SignJWT({
      aud: kind.audience,
      iat: now(),
      exp: now() + 60,
      viewer,
    })
      .setProtectedHeader({ alg: 'RS256', kid: await kid(), jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    await refused(signed);
  });

  test('whose header brings a key or an address of keys of its own', async () => {
    const forged = 'the-secret-of-somebody-else-of-thirty-two-characters';
    const jwk = { kty: 'oct', k: Buffer.from(forged).toString('base64url') };
    await refused(await made({}, { jwk }, forged));
    await refused(await made({}, { jku: 'https://example.com/keys' }, forged));
  });

  test.for([
    ['has expired', { exp: 1 }],
    ['is not good yet', { nbf: 99_999_999_999 }],
    ['never expires', { exp: undefined }],
    ['is for nobody', { aud: undefined }],
    ['is for somebody else', { aud: 'vitrine:elsewhere' }],
    ['stands for nobody', { viewer: undefined }],
    ['stands for somebody of a kind that there is not', { viewer: { ...viewer, kind: 'ROOT' } }],
  ] as const)('that %s', async ([, claims]) => {
    await refused(await made(claims));
  });

  test('of a key that is not known, or of none', async () => {
    await refused(await made({}, { kid: 'unknown' }));
    await refused(await made({}, { kid: undefined }));
  });

  test('of another secret that says it is of ours', async () => {
    await refused(await made({}, {}, newer));
  });

  test('of which any character of the payload or the signature is another', async () => {
    const [header, payload = '', signature = ''] = (await made({})).split('.');
    const other = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    for (let at = 0; at < payload.length; at += 7) {
      await refused(`${header}.${other(payload, at)}.${signature}`);
    }
    // The last character's lowest bits are of no byte.
    for (let at = 0; at < signature.length - 1; at += 5) {
      await refused(`${header}.${payload}.${other(signature, at)}`);
    }
  });

  test('that is a viewer header, and a viewer header that is an access token, with one secret for both', async () => {
    const header = await viewerSigner(older).sign({ viewer, origin: null });
    await refused(header);
    await expect(
      viewerSigner(older).verify(await accessTokens(older).sign(viewer)),
    ).rejects.toMatchObject({ extensions: { code: 'VIEWER_HEADER_REFUSED' } });
  });
});
