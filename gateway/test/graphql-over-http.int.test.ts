import { serverAudits } from 'graphql-http';
import { describe, expect, test } from 'vitest';
import { runGateway } from './running-gateway.ts';
import { catalogOf, shopsOf } from './small-graph.ts';

/** The audit's own list; the address is asked for when an audit runs. */
let url = '';
const audits = serverAudits({ url: () => url });

describe('GraphQL over HTTP, as graphql-http audits it', () => {
  test('is audited in 61 points', () => {
    expect(audits).toHaveLength(61);
  });

  test('all hold', async () => {
    const { gateway } = await runGateway([catalogOf(), shopsOf()], { shape: 'in process' });
    url = `${gateway.url}/graphql`;
    const results = await Promise.all(audits.map(({ fn }) => fn()));
    const failed = results.filter(({ status }) => status !== 'ok');
    expect(failed.map(({ name, ...rest }) => [name, 'reason' in rest ? rest.reason : ''])).toEqual(
      [],
    );
  });
});
