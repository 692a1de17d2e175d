import type { Data, GraphClient, GraphResponse } from '@vitrine/graph-client/graph-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestPlatform, type TestPlatform } from './platform.ts';
import { answerOf, comparable } from './rights/answers.ts';
import { type Ask, askFor, guardedCoordinates } from './rights/documents.ts';
import { type Persona, personas } from './rights/personas.ts';
import type { Row } from './rights/row.ts';
import { type Stage, setStage } from './rights/stage.ts';
import { table } from './rights/table/table.ts';

/** An id of the same kind that nothing has. */
const nobodys = (id: string): string => `${id.slice(0, -6)}ZZZZZZ`;

/** The row of a coordinate: its own, or that of its type. */
const rowOf = (coordinate: string): Row | undefined =>
  table[coordinate] ?? table[coordinate.replace(/\..*$/, '.*')];

/** The first answer to a subscription, whether it is an event or a refusal. */
async function firstAnswer(client: GraphClient, { document }: Ask, variables: Data) {
  const stream = client.subscribe(document, variables);
  try {
    const { value } = await stream.next();
    return { data: value ?? null, errors: [] };
  } catch (error) {
    if (Array.isArray(error)) return { data: null, errors: error };
    // A connection whose token is bad is closed before anything can be subscribed to.
    if (!isClosedForToken(error)) throw error;
    return { data: null, errors: [{ message: '', extensions: { code: 'UNAUTHENTICATED' } }] };
  } finally {
    await stream.return();
  }
}

const isClosedForToken = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 4401;

async function ask(
  client: GraphClient,
  asked: Ask,
  variables: Data,
): Promise<Pick<GraphResponse, 'data' | 'errors'>> {
  return asked.isSubscription
    ? firstAnswer(client, asked, variables)
    : client.send(asked.document, variables);
}

/** Those who may know that the thing is there: by the holder's token, or as staff. */
const whoMayKnow: readonly Persona[] = [
  'agent who owns another shop',
  'app without the scope',
  'impersonated',
  'expired token',
];

/** What only reads comes first: it is to find everything as it was set up. */
const coordinates = guardedCoordinates().toSorted(
  (one, other) => Number(one.startsWith('Mutation.')) - Number(other.startsWith('Mutation.')),
);

describe('the table', () => {
  test('has a row for every mutation, subscription and guarded field', () => {
    expect(coordinates.filter((coordinate) => !rowOf(coordinate))).toEqual([]);
  });

  test('has no row for what is not there', () => {
    const used = new Set(coordinates.map(rowOf));
    expect(Object.keys(table).filter((name) => !used.has(table[name]))).toEqual([]);
  });
});

describe('who may do what', () => {
  let platform: TestPlatform;
  let stage: Stage;
  beforeAll(async () => {
    platform = await startTestPlatform('in-process');
    stage = await setStage(platform);
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  test.for(coordinates.filter(rowOf))('%s', async (coordinate) => {
    const row = rowOf(coordinate);
    if (!row) throw new Error('filtered above');
    const [typeName, fieldName = ''] = coordinate.split('.');
    const isMutation = typeName === 'Mutation';
    // One that takes nothing has no input at all.
    const variablesOf = (input: Data): Data =>
      isMutation && Object.keys(input).length > 0 ? { input } : input;
    const isEmpty = row.empty.includes(fieldName);
    const expected = Object.fromEntries(
      personas.map((persona) => {
        const answer = row.expected[persona];
        return [persona, isEmpty && answer === 'ALLOWED' ? 'NULL' : answer];
      }),
    );
    const answers: Record<string, string> = {};
    const leaks: string[] = [];
    for (const persona of personas) {
      const client = await stage.clientOf(persona, row);
      await row.prepare?.(stage);
      const input = row.input(stage);
      const asked = askFor(coordinate, variablesOf(input));
      const response = await ask(client, asked, variablesOf(input));
      answers[persona] = answerOf(response, { path: asked.path, names: row.blames ?? row.names });
      const id = row.names === undefined ? undefined : input[row.names];
      const isStranger = row.expected[persona] !== 'ALLOWED' && !whoMayKnow.includes(persona);
      if (!isStranger || typeof id !== 'string') continue;
      const other = { ...row.input(stage), [row.names ?? '']: nobodys(id) };
      const unknown = await ask(client, asked, variablesOf(other));
      const ids = [id, nobodys(id)];
      if (comparable(response, ids) !== comparable(unknown, ids)) leaks.push(persona);
    }
    expect(answers).toEqual(expected);
    expect(leaks, 'told whether the thing exists').toEqual([]);
  });
});
