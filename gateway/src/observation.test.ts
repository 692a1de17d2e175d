import { openLogger } from '@vitrine/platform/logger';
import { metrics } from '@vitrine/platform/metrics';
import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { observe, outcomeOf } from './observation.ts';
import { codeLabel } from './observed-codes.ts';

function heard() {
  const lines: Record<string, unknown>[] = [];
  const logger = openLogger({ LOG_LEVEL: 'info' }, 'gateway', {
    write: (line) => void lines.push(JSON.parse(line)),
  });
  return { lines, logger };
}

const nodeOf = (text: string): OperationDefinitionNode => {
  const [node] = parse(text).definitions;
  if (node?.kind !== 'OperationDefinition') throw new Error('no operation');
  return node;
};

async function valueAt(name: string, labels: Record<string, string>): Promise<number> {
  const metric = await metrics.getSingleMetric(name)?.get();
  const wanted = Object.entries(labels);
  return (
    metric?.values.find((value) =>
      wanted.every(([label, text]) => (value.labels as Record<string, unknown>)[label] === text),
    )?.value ?? 0
  );
}

describe('an operation', () => {
  test('is one line that says who asked what, what it cost, and how it ended', () => {
    const { lines, logger } = heard();
    const observation = observe(logger, 'http', 'req-1');
    observation.client({ name: 'storefront', version: '2.1.0' });
    observation.identify(nodeOf('query RoomPage { a }'));
    observation.cost({ requested: 120 });
    observation.cost({ requested: 120, actual: 80 });
    observation.end('partial', [
      { extensions: { code: 'SUBGRAPH_TIMEOUT' } },
      { extensions: { code: 'SUBGRAPH_TIMEOUT' } },
      {},
    ]);
    observation.end('ok');
    expect(lines).toEqual([
      {
        level: 30,
        time: expect.any(String),
        part: 'gateway',
        requestId: 'req-1',
        transport: 'http',
        type: 'query',
        operation: 'RoomPage',
        client: 'storefront',
        clientVersion: '2.1.0',
        cost: 120,
        actualCost: 80,
        outcome: 'partial',
        codes: ['SUBGRAPH_TIMEOUT', 'NONE'],
        ms: expect.any(Number),
        msg: 'operation',
      },
    ]);
  });

  test('that nobody named and nobody understood says no more than that', () => {
    const { lines, logger } = heard();
    const observation = observe(logger, 'ws', 'req-2');
    observation.client({ name: null, version: null });
    observation.end('error');
    const { time: _, ms: __, ...line } = lines[0] ?? {};
    expect(line).toEqual({
      level: 30,
      part: 'gateway',
      requestId: 'req-2',
      transport: 'ws',
      type: 'unknown',
      outcome: 'error',
      msg: 'operation',
    });
  });

  test('is counted once, and each code of its errors once', async () => {
    const { logger } = heard();
    const labels = { type: 'mutation', transport: 'sse', outcome: 'error' };
    const counted = () => valueAt('vitrine_gateway_operations_total', labels);
    const coded = () => valueAt('vitrine_gateway_errors_total', { code: 'A_TEST_CODE' });
    const [operationsBefore, codesBefore] = [await counted(), await coded()];
    const observation = observe(logger, 'sse', 'req-3');
    observation.identify(nodeOf('mutation { a }'));
    const error = { extensions: { code: 'A_TEST_CODE' } };
    observation.end('error', [error, error]);
    observation.end('error', [error]);
    expect([await counted(), await coded()]).toEqual([operationsBefore + 1, codesBefore + 1]);
  });

  test('costs the main thread less than ten microseconds', () => {
    let bytes = 0;
    const logger = openLogger({ LOG_LEVEL: 'info' }, 'gateway', {
      write: (line) => {
        bytes += line.length;
      },
    });
    const node = nodeOf('query RoomPage { a }');
    const client = { name: 'storefront', version: '2.1.0' };
    const rounds = 20;
    const each = 2_000;
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round += 1) {
      const began = performance.now();
      for (let count = 0; count < each; count += 1) {
        const observation = observe(logger, 'http', 'c1b7c2b0-1111-4222-8333-444455556666');
        observation.client(client);
        observation.identify(node);
        observation.cost({ requested: 120, actual: 80 });
        observation.end('ok');
      }
      best = Math.min(best, performance.now() - began);
    }
    expect(bytes).toBeGreaterThan(rounds * each * 200);
    expect((best / each) * 1_000).toBeLessThan(10);
  });
});

test('an answer with data and errors is partial, and one without data an error', () => {
  const errors = [{}];
  expect(outcomeOf({ data: { a: 1 } })).toBe('ok');
  expect(outcomeOf({ data: { a: 1 }, errors: [] })).toBe('ok');
  expect(outcomeOf({ data: { a: 1 }, errors })).toBe('partial');
  expect(outcomeOf({ data: null, errors })).toBe('error');
  expect(outcomeOf({ errors } as Parameters<typeof outcomeOf>[0])).toBe('error');
});

describe('the label of a code', () => {
  test('is the code, or says that there is none worth the name', () => {
    expect(codeLabel('SUBGRAPH_TIMEOUT')).toBe('SUBGRAPH_TIMEOUT');
    expect(codeLabel(undefined)).toBe('NONE');
    for (const odd of ['', 'lower', 'WITH SPACE', 'X'.repeat(50), 7, null, {}]) {
      expect(codeLabel(odd)).toBe('OTHER');
    }
  });

  test('is never one of endlessly many', () => {
    const labels = new Set(Array.from({ length: 1_000 }, (_, index) => codeLabel(`CODE_${index}`)));
    expect(labels.size).toBeLessThanOrEqual(101);
    expect(labels).toContain('OTHER');
    // What was known before still is.
    expect(codeLabel('SUBGRAPH_TIMEOUT')).toBe('SUBGRAPH_TIMEOUT');
  });
});
