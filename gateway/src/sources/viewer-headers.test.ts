import { viewerSigner } from '@vitrine/platform/viewer';
import { aViewer } from '@vitrine/testkit/viewers';
import { expect, test } from 'vitest';
import { viewerHeaders } from './viewer-headers.ts';

const signer = viewerSigner('a-secret-of-at-least-thirty-two-characters');

test('a header says who the viewer is', async () => {
  const header = await viewerHeaders(signer).of(aViewer());
  expect(await signer.verify(header)).toEqual(aViewer());
});

test('a viewer is signed once for a while, then anew before the header expires', async () => {
  let now = 0;
  let signatures = 0;
  const headers = viewerHeaders(
    {
      ...signer,
      sign: async () => {
        signatures += 1;
        return `header ${signatures}`;
      },
    },
    () => now,
  );
  const viewer = aViewer();
  expect(await headers.of(viewer)).toBe('header 1');
  now = 19_999;
  expect(await headers.of(viewer)).toBe('header 1');
  now = 20_000;
  expect(await headers.of(viewer)).toBe('header 2');
});

test('two viewers never share a header, however equal they are', async () => {
  const headers = viewerHeaders(signer);
  const operator = await headers.of(aViewer({ roles: ['OPERATOR'] }));
  const buyer = await headers.of(aViewer());
  expect((await signer.verify(operator)).roles).toEqual(['OPERATOR']);
  expect((await signer.verify(buyer)).roles).toEqual(['BUYER']);
});
