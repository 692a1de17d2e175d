import { seededRandom } from '@vitrine/demo/world/random';
import { parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { operationOf } from './fuzz/documents.ts';
import { FUZZ_ENV } from './fuzz/env.ts';
import { fuzz, publicSchema, whatIsWrong } from './fuzz/fuzz.ts';
import { knownIds } from './fuzz/values.ts';
import { startTestPlatform } from './platform.ts';

const DOCUMENTS = 4_000;

describe('the fuzzer', () => {
  const schema = publicSchema();
  const operations = Array.from({ length: 300 }, (_, seed) =>
    operationOf(schema, seededRandom(seed), knownIds()),
  );

  test('makes documents that are mostly valid, so that they reach execution', () => {
    const valid = operations.filter(({ query }) => validate(schema, parse(query)).length === 0);
    expect(valid.length).toBeGreaterThan(operations.length / 2);
    expect(valid.length).toBeLessThan(operations.length);
  });

  test('makes the same documents from the same seed', () => {
    expect(operationOf(schema, seededRandom(7), knownIds())).toEqual(operations[7]);
  });

  test.for([
    ['a 500', 500, '{"errors":[{"message":"x"}]}'],
    ['a body that is no JSON', 200, '<html>'],
    ['a body without a result', 200, '{}'],
    [
      'an error that nobody meant',
      200,
      '{"errors":[{"extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}',
    ],
    ['our insides', 400, '{"errors":[{"message":"at x (node_modules/y)"}]}'],
  ] as const)('knows that %s is wrong', ([, status, text]) => {
    expect(whatIsWrong(status, text)).not.toBeNull();
  });

  test('takes a refusal for what it is', () => {
    expect(whatIsWrong(400, '{"errors":[{"message":"no","extensions":{"code":"X"}}]}')).toBeNull();
    expect(whatIsWrong(200, '{"data":{"viewer":null}}')).toBeNull();
  });
});

test('thousands of random, broken and hostile requests never crash, hang or fail the gateway', async () => {
  const platform = await startTestPlatform('in-process', FUZZ_ENV);
  try {
    const { pid } = platform.running.process('gateway');
    const report = await fuzz({
      url: platform.running.url,
      pid: pid ?? 0,
      documents: DOCUMENTS,
      seed: 1,
    });
    expect(report.failures).toEqual([]);
    expect(report.documents).toBe(DOCUMENTS);
    expect(report.carriedOut).toBeGreaterThan(DOCUMENTS / 10);
    expect(platform.running.process('gateway').pid).toBe(pid);
    const health = await fetch(platform.running.url.replace('/graphql', '/healthz'));
    expect(health.status).toBe(200);
  } finally {
    await platform.stop();
  }
}, 240_000);
