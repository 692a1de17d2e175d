import type { Viewer } from '@vitrine/platform/viewer';
import { anOperator, aViewer, staffOf } from '@vitrine/testkit/viewers';
import { describe, expect, test } from 'vitest';
import { app, aWorld } from './access-world.ts';
import { type RunningGateway, runGateway, shapes } from './running-gateway.ts';
import { shopId } from './small-graph.ts';

const asking =
  ({ post, token }: RunningGateway) =>
  async (query: string, viewer: Viewer | null) =>
    (await post({ query }, viewer ? { authorization: `Bearer ${await token(viewer)}` } : {})).body;

describe.for(shapes)('with subgraphs %s', (shape) => {
  test('what an app may not read is null, named, and asked of nobody', async () => {
    const world = aWorld();
    const ask = asking(await runGateway(world.parts, { shape }));
    const query = `{ shop(id: "${shopId}") { name takings } }`;

    const denied = await ask(query, app('profile:read'));

    expect(denied.data).toEqual({ shop: { name: 'Batik House', takings: null } });
    expect(denied.errors).toEqual([
      {
        message: 'The app needs the scope orders:read.',
        path: ['shop', 'takings'],
        extensions: { code: 'MISSING_SCOPE', requiredScopes: [['orders:read']] },
      },
    ]);
    expect(world.asked).toEqual([]);

    const granted = await ask(query, app('orders:read'));
    expect(granted.data).toEqual({ shop: { name: 'Batik House', takings: 100 } });
    expect(granted.errors).toBeUndefined();
  });

  test('the same operation gives each viewer what is theirs, whoever asked before or beside', async () => {
    const world = aWorld();
    const ask = asking(await runGateway(world.parts, { shape }));
    const viewers = [null, aViewer(), staffOf('shp_1'), anOperator()];

    const answers = await Promise.all(
      [...viewers, ...viewers, ...viewers].map((viewer) => ask('{ mine { owner price } }', viewer)),
    );

    expect(answers.map(({ data }) => data.mine)).toEqual(
      [...viewers, ...viewers, ...viewers].map((viewer) => ({
        owner: viewer?.userId ?? null,
        price: viewer?.roles.includes('OPERATOR') ? 3 : null,
      })),
    );
    expect(answers.map(({ errors }) => errors?.[0].extensions.code).slice(0, 4)).toEqual([
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'FORBIDDEN',
      undefined,
    ]);
  });

  test('a mutation that is denied does not run, and those beside it do', async () => {
    const world = aWorld();
    const ask = asking(await runGateway(world.parts, { shape }));

    const { data, errors } = await ask(
      'mutation { a: look(name: "1") b: sell(name: "2") c: look(name: "3") }',
      null,
    );

    expect(world.asked).toEqual(['look 1', 'look 3']);
    expect(data).toEqual({ a: '1', b: null, c: '3' });
    expect(errors).toMatchObject([{ path: ['b'], extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
