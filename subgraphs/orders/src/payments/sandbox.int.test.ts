import { money } from '@vitrine/kernel/money';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { payments } from '../../test/world.ts';
import { orders } from '../index.ts';
import { sandboxProvider } from './sandbox.provider.ts';

const test = subgraphTest(orders);
const amount = money(1_000n, 'EUR');

const provider = ({ services }: TestSubgraph) => sandboxProvider(services, { slowMs: 1 });

async function captured(subgraph: TestSubgraph) {
  const outcome = await provider(subgraph).authorise({
    key: 'chk_1',
    methodId: 'pm_sandbox_ok',
    amount,
  });
  if (!outcome.ok) throw new Error(outcome.refusal);
  await provider(subgraph).capture(outcome.value.paymentId);
  return outcome.value.paymentId;
}

test('twenty authorisations at once under one key are one payment', async ({
  subgraph,
  expect,
}) => {
  const { authorise } = provider(subgraph);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      authorise({ key: 'chk_1', methodId: n % 2 ? 'pm_sandbox_ok' : 'pm_sandbox_slow', amount }),
    ),
  );

  expect(new Set(answers.map((answer) => (answer.ok ? answer.value.paymentId : null))).size).toBe(
    1,
  );
  expect(await payments(subgraph)).toHaveLength(1);
});

test('what was given up before it arrived is never authorised', async ({ subgraph, expect }) => {
  const { authorise, voidByKey } = provider(subgraph);
  await voidByKey('chk_1');

  expect(await authorise({ key: 'chk_1', methodId: 'pm_sandbox_ok', amount })).toEqual({
    ok: false,
    refusal: 'VOIDED',
  });
});

test('what was authorised is given up once, and then cannot be captured', async ({
  subgraph,
  expect,
}) => {
  const { authorise, voidByKey, capture } = provider(subgraph);
  const outcome = await authorise({ key: 'chk_1', methodId: 'pm_sandbox_ok', amount });
  await voidByKey('chk_1');
  await voidByKey('chk_1');

  expect(await payments(subgraph)).toMatchObject([{ state: 'VOIDED' }]);
  await expect(capture(outcome.ok ? outcome.value.paymentId : '')).rejects.toThrow('Invariant');
});

test('a decline stays a decline under its key', async ({ subgraph, expect }) => {
  const { authorise } = provider(subgraph);
  const declined = { ok: false, refusal: 'DECLINED' };
  const request = { key: 'chk_1', amount };

  expect(await authorise({ ...request, methodId: 'pm_sandbox_declined' })).toEqual(declined);
  expect(await authorise({ ...request, methodId: 'pm_sandbox_ok' })).toEqual(declined);
});

test('capturing and giving up after it, twice each, leave one charge', async ({
  subgraph,
  expect,
}) => {
  const paymentId = await captured(subgraph);
  await provider(subgraph).capture(paymentId);
  await provider(subgraph).voidByKey('chk_1');

  expect(await payments(subgraph)).toMatchObject([{ state: 'CAPTURED', refundableMinor: 1_000 }]);
});

test('refunds at once never pay back more than was paid, and one key pays back once', async ({
  subgraph,
  expect,
}) => {
  const paymentId = await captured(subgraph);
  const part = money(300n, 'EUR');
  const refund = (key: string) => provider(subgraph).refund({ key, paymentId, amount: part });

  const answers = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].flatMap((key) => [refund(key), refund(key)]),
  );

  const [payment] = await payments(subgraph);
  expect(payment?.refunds).toHaveLength(3);
  expect(payment?.refundableMinor).toBe(100);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(6);
});

test('nothing is refunded in another currency, or before it was captured', async ({
  subgraph,
  expect,
}) => {
  const { authorise, refund } = provider(subgraph);
  const held = await authorise({ key: 'chk_2', methodId: 'pm_sandbox_ok', amount });
  const paymentId = await captured(subgraph);

  expect(await refund({ key: 'r', paymentId, amount: money(1n, 'USD') })).toMatchObject({
    ok: false,
  });
  expect(
    await refund({ key: 'r', paymentId: held.ok ? held.value.paymentId : '', amount }),
  ).toEqual({ ok: false, refusal: 'NOT_CAPTURED' });
});
