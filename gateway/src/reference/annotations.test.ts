import { expect, test } from 'vitest';
import { annotationOf, readAnnotations } from './annotations.ts';
import { smallSource } from './small-reference.fixture.ts';

const annotations = readAnnotations(smallSource.supergraphSdl);

test('directives of access and cost are read, and where a field comes from', () => {
  expect(annotationOf(annotations, 'Mutation.openShop')).toEqual({
    graphs: ['shops'],
    needsSignIn: true,
    scopes: [['shop:manage', 'shop:read'], ['all']],
    policies: [],
    cost: 10,
    listSize: null,
  });
  expect(annotationOf(annotations, 'Shop.notes').policies).toEqual([['operator']]);
  expect(annotationOf(annotations, 'Shop').needsSignIn).toBe(true);
  expect(annotationOf(annotations, 'Query.shop(id:)').cost).toBe(2);
  expect(annotationOf(annotations, 'Query.shops').listSize).toEqual({
    assumedSize: 20,
    slicingArguments: ['first'],
    sizedFields: [],
  });
});

test('a field that is only referred to comes from elsewhere, and machinery is left out', () => {
  expect(annotationOf(annotations, 'Shop.name').graphs).toEqual([]);
  expect([...annotations.keys()].filter((name) => name.includes('__'))).toEqual([]);
});
