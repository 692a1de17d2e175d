import { describe, expect, test } from 'vitest';
import { acceptedBy, statusOfAnswer, statusOfRefusal } from './http-negotiation.ts';

const RESPONSE = 'application/graphql-response+json';

describe('what a client accepts', () => {
  test.for([
    ['nothing said', undefined, 'application/json'],
    ['anything', '*/*', 'application/json'],
    ['any application', 'application/*', 'application/json'],
    ['the new type', RESPONSE, RESPONSE],
    ['both, the new first', `${RESPONSE}, application/json`, RESPONSE],
    ['both, weighted', `application/json;q=0.9, ${RESPONSE}`, RESPONSE],
    ['both, weighted the other way', `application/json, ${RESPONSE};q=0.1`, 'application/json'],
    ['a browser', 'text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
    ['an event stream', 'text/event-stream', 'text/event-stream'],
    [
      'an event stream, else JSON',
      'text/event-stream, application/json;q=0.5',
      'text/event-stream',
    ],
    [
      'parts of a deferred answer',
      'multipart/mixed;deferSpec=20220824, application/json;q=0.9',
      'multipart/mixed;deferSpec=20220824',
    ],
    [
      'events in parts',
      'multipart/mixed;subscriptionSpec="1.0", application/json;q=0.9',
      'multipart/mixed;subscriptionSpec="1.0"',
    ],
    [
      'events in parts, unquoted',
      'multipart/mixed;subscriptionSpec=1.0',
      'multipart/mixed;subscriptionSpec="1.0"',
    ],
  ] as const)('%s', ([, header, format]) => {
    expect(acceptedBy(header).format).toBe(format);
  });

  test.for(['text/html', 'multipart/mixed', 'application/json;q=0', 'image/*'])(
    '%s is nothing we can give, and the refusal is JSON',
    (header) => {
      expect(acceptedBy(header)).toEqual({ format: null, json: 'application/json' });
    },
  );

  test('a stream is never given to who accepts anything', () => {
    expect(acceptedBy('multipart/*, */*').format).toBe('application/json');
  });
});

describe('the status', () => {
  test('is 200 of what was carried out, with errors and with null', () => {
    const answer = { data: null, code: 'SUBGRAPH_UNAVAILABLE' };
    expect(statusOfAnswer(answer, 'application/json')).toBe(200);
    expect(statusOfAnswer(answer, RESPONSE)).toBe(200);
  });

  test('of a document that is refused depends on the media type', () => {
    const answer = { data: undefined, code: 'GRAPHQL_VALIDATION_FAILED' };
    expect(statusOfAnswer(answer, 'application/json')).toBe(200);
    expect(statusOfAnswer(answer, RESPONSE)).toBe(400);
  });

  test.for([
    ['UNAUTHENTICATED', 401],
    ['THROTTLED', 429],
    ['OVERLOADED', 503],
    ['INTERNAL_SERVER_ERROR', 500],
  ] as const)('of %s is its own', ([code, status]) => {
    expect(statusOfRefusal(code)).toBe(status);
    expect(statusOfAnswer({ data: undefined, code }, 'application/json')).toBe(status);
  });

  test('of any other refusal is 400', () => {
    expect(statusOfRefusal('BAD_REQUEST')).toBe(400);
    expect(statusOfRefusal(undefined)).toBe(400);
  });
});
