import { readFileSync } from 'node:fs';
import { rulesOf } from '@vitrine/gateway/access/rules';
import { loadGraph } from '@vitrine/gateway/execution/graph';
import { holderOf } from '@vitrine/platform/access/holders';
import { refusalOf } from '@vitrine/platform/access/refusal';
import { lackOf, type Requirement } from '@vitrine/platform/access/requirements';
import type { Viewer } from '@vitrine/platform/viewer';
import { aGuest, anApp, anOperator, aViewer, staffOf } from '@vitrine/testkit/viewers';
import { GraphQLError, type GraphQLField, type GraphQLResolveInfo, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { parts } from './composition.ts';

const rules = rulesOf(
  loadGraph(readFileSync(new URL('../supergraph.graphql', import.meta.url), 'utf8')).supergraph,
);

/** Somebody of every kind that a requirement can tell apart, with every scope there is or none. */
const viewers: readonly (Viewer | null)[] = [
  null,
  aGuest(),
  aViewer(),
  aViewer({ hasSecondFactor: true }),
  aViewer({ roles: ['BUYER', 'CREATOR'] }),
  aViewer({ impersonatorId: 'usr_operator' }),
  aViewer({ appId: 'tpa_1' }),
  anApp(),
  staffOf('shp_1', 'OWNER'),
  staffOf('shp_1', 'MANAGER'),
  staffOf('shp_1', 'AGENT'),
  { ...staffOf('shp_1', 'OWNER'), appId: 'tpa_1' },
  anOperator(),
  anOperator({ duties: [] }),
  anOperator({ hasSecondFactor: false }),
  anOperator({ appId: 'tpa_1' }),
];

type Field = GraphQLField<unknown, unknown>;

interface Guarded {
  readonly coordinate: string;
  readonly subgraph: string;
  readonly field: Field;
  readonly requirement: Requirement;
}

/** What is guarded at the gateway, in every subgraph that answers it. */
const everything: readonly Guarded[] = parts.flatMap(({ name, schema }) =>
  Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) => {
      const coordinate = `${type.name}.${field.name}`;
      const requirement = rules.get(coordinate)?.requirement;
      return requirement ? [{ coordinate, subgraph: name, field, requirement }] : [];
    });
  }),
);

/** Fails whatever is asked of it but who asks: a refusal has to come before any use case. */
const contextOf = (viewer: Viewer | null): object =>
  new Proxy(
    { viewer },
    {
      get: (target, key) => {
        if (key in target) return target.viewer;
        if (typeof key === 'symbol') return undefined;
        throw new Error(`asked for ${key}`);
      },
    },
  );

/** What came of asking a subgraph for the field, past the gateway. */
async function answerOf({ field }: Guarded, viewer: Viewer | null): Promise<unknown> {
  const ask = field.subscribe ?? field.resolve;
  try {
    // No argument is looked at before rights are.
    return await ask?.({}, {}, contextOf(viewer), {} as GraphQLResolveInfo);
  } catch (error) {
    return error;
  }
}

test('whatever the gateway denies, the subgraph denies as well, and for the same reason', async () => {
  const wrong: string[] = [];
  let denied = 0;
  for (const guarded of everything) {
    for (const viewer of viewers) {
      const lack = lackOf(guarded.requirement, holderOf(viewer));
      if (!lack) continue;
      denied += 1;
      const answer = await answerOf(guarded, viewer);
      const expected = refusalOf(lack);
      const isSame =
        answer instanceof GraphQLError &&
        answer.message === expected.message &&
        JSON.stringify(answer.extensions) === JSON.stringify(expected.extensions);
      if (!isSame) wrong.push(`${guarded.subgraph} ${guarded.coordinate}: ${String(answer)}`);
    }
  }

  expect(wrong).toEqual([]);
  expect(denied).toBeGreaterThan(1_000);
});

test('whatever is guarded at the gateway is answered by a subgraph that guards it', () => {
  const answered = new Set(everything.map(({ coordinate }) => coordinate));
  const missing = [...rules].filter(
    ([coordinate, { requirement }]) =>
      requirement && !coordinate.endsWith('.__typename') && !answered.has(coordinate),
  );

  expect(missing.map(([coordinate]) => coordinate)).toEqual([]);
  expect(answered.size).toBeGreaterThan(150);
});
