import { type Asking, viewerSigner } from '@vitrine/platform/viewer';
import { aViewer } from '@vitrine/testkit/viewers';
import { expect, test } from 'vitest';
import { viewerHeaders } from './viewer-headers.ts';

const signer = viewerSigner('a-secret-of-at-least-thirty-two-characters');
const origin = { address: '198.51.100.7', userAgent: 'curl/8' };

function counted() {
  const signed: Asking[] = [];
  let now = 0;
  const headers = viewerHeaders(
    {
      sign: async (asking) => {
        signed.push(asking);
        return `header ${signed.length}`;
      },
    },
    () => now,
  );
  return {
    headers,
    signed,
    at(ms: number) {
      now = ms;
    },
  };
}

test('a header says who the viewer is and where, and that a guest is one', async () => {
  const headers = viewerHeaders(signer);
  const viewer = aViewer();
  expect(await signer.verify(await headers.of({ viewer, origin }))).toEqual({ viewer, origin });
  expect(await signer.verify(await headers.of({ viewer }))).toEqual({ viewer, origin: null });
  expect(await signer.verify(await headers.of({ viewer: null, origin }))).toEqual({
    viewer: null,
    origin,
  });
});

test.for([
  ['a viewer', aViewer()],
  ['a guest', null],
] as const)(
  '%s is signed once for a while, then anew before the header expires',
  async ([, viewer]) => {
    const { headers, at } = counted();
    expect(await headers.of({ viewer, origin })).toBe('header 1');
    at(19_999);
    expect(headers.of({ viewer, origin: { ...origin } })).toBe('header 1');
    at(20_000);
    expect(await headers.of({ viewer, origin })).toBe('header 2');
  },
);

test('each place has a header of its own', async () => {
  const { headers, signed } = counted();
  const viewer = aViewer();
  const places = [origin, { ...origin, userAgent: null }, { ...origin, address: '::1' }];
  for (const place of [...places, ...places]) {
    await headers.of({ viewer, origin: place });
    await headers.of({ viewer: null, origin: place });
  }
  expect(signed).toHaveLength(6);
});

test('two viewers never share a header, however equal they are', async () => {
  const headers = viewerHeaders(signer);
  const operator = await headers.of({ viewer: aViewer({ roles: ['OPERATOR'] }), origin });
  const buyer = await headers.of({ viewer: aViewer(), origin });
  expect((await signer.verify(operator)).viewer?.roles).toEqual(['OPERATOR']);
  expect((await signer.verify(buyer)).viewer?.roles).toEqual(['BUYER']);
});
