import { openLogger } from '@vitrine/platform/logger';
import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { gatewayError, hide, shownError } from './errors.ts';

/** A logger that keeps its lines. */
function listening() {
  const lines: string[] = [];
  const logger = openLogger({ LOG_LEVEL: 'info' }, 'test', {
    write: (line: string) => void lines.push(line),
  });
  return { lines, fault: { logger, requestId: 'req-1' } };
}

test('an error with a code is shown as it is and not logged', () => {
  const { lines, fault } = listening();
  const error = gatewayError('UNAUTHENTICATED', 'Sign in.');
  expect(shownError(error, fault)).toBe(error);
  expect(lines).toEqual([]);
});

test.for([
  ['a thrown error', new Error('password=hunter2 at db:27017')],
  ['a thrown text', 'password=hunter2'],
  ['an error of a resolver', new GraphQLError('password=hunter2')],
  [
    'an error under the code that frameworks give',
    new GraphQLError('password=hunter2', { extensions: { code: 'INTERNAL_SERVER_ERROR' } }),
  ],
])('%s is hidden from the client and logged under the request id', ([, error]) => {
  const { lines, fault } = listening();
  const shown = shownError(error, fault).toJSON();
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(shown.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId: 'req-1' });
  expect(lines.join()).toContain('hunter2');
  expect(lines.join()).toContain('req-1');
});

test('a hidden error keeps its path and the name of its subgraph', () => {
  const { fault } = listening();
  const error = new GraphQLError('internal', { path: ['shop', 'name'] });
  expect(hide(error, { ...fault, serviceName: 'shops' })).toMatchObject({
    path: ['shop', 'name'],
    extensions: { serviceName: 'shops' },
  });
});
