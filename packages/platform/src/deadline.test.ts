import Fastify from 'fastify';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DEADLINE_HEADER, deadlineOf, keepDeadlines } from './deadline.ts';

function serverWith(work: () => unknown) {
  const app = Fastify();
  onTestFinished(() => app.close());
  keepDeadlines(app);
  const run = vi.fn(work);
  app.post('/graphql', async () => run());
  const ask = async (ms?: string) => {
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: ms === undefined ? {} : { [DEADLINE_HEADER]: ms },
      payload: {},
    });
    return { status: response.statusCode, body: response.json() };
  };
  return { ask, run };
}

const exceeded = {
  status: 503,
  body: { errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }] },
};

test('what is left of the time becomes a moment of the own clock', () => {
  expect(deadlineOf({ [DEADLINE_HEADER]: '250' }, 1_000)).toBe(1_250);
  expect(deadlineOf({ [DEADLINE_HEADER]: '-5' }, 1_000)).toBe(995);
});

test.for(['', 'soon', '1e3', '12.5', '99999999999', '0x10'])(
  'a header "%s" sets no deadline',
  (given) => {
    expect(deadlineOf({ [DEADLINE_HEADER]: given }, 1_000)).toBeUndefined();
  },
);

test('work within its time is answered, and so is work without a limit', async () => {
  const { ask } = serverWith(() => ({ data: 1 }));
  expect(await ask('5000')).toEqual({ status: 200, body: { data: 1 } });
  expect(await ask()).toEqual({ status: 200, body: { data: 1 } });
});

test.for(['0', '-20'])('work that comes %s ms before its deadline is not begun', async (ms) => {
  const { ask, run } = serverWith(() => ({ data: 1 }));
  expect(await ask(ms)).toMatchObject(exceeded);
  expect(run).not.toHaveBeenCalled();
});

test('work that takes too long is answered at the deadline, and its late end does no harm', async () => {
  let finish = (_value: unknown): void => {};
  const { ask } = serverWith(() => new Promise((resolve) => (finish = resolve)));
  expect(await ask('20')).toMatchObject(exceeded);
  finish({ data: 'late' });
  const { ask: again } = serverWith(() => ({ data: 2 }));
  expect(await again('5000')).toEqual({ status: 200, body: { data: 2 } });
});
