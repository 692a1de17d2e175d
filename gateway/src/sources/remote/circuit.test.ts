import { expect, test } from 'vitest';
import { type CircuitState, openCircuit } from './circuit.ts';

function circuitAt() {
  let time = 0;
  const states: CircuitState[] = [];
  const circuit = openCircuit(
    { failures: 3, openMs: 100, longestOpenMs: 300 },
    (state) => states.push(state),
    () => time,
  );
  const fail = (times: number) => {
    for (let i = 0; i < times; i += 1) {
      if (circuit.admits()) circuit.failed();
    }
  };
  return { circuit, states, fail, pass: (ms: number) => (time += ms) };
}

test('failures in a row open it, and a success between them does not let it come to that', () => {
  const { circuit, fail } = circuitAt();
  fail(2);
  circuit.succeeded();
  fail(2);
  expect(circuit.state).toBe('closed');
  fail(1);
  expect(circuit.state).toBe('open');
  expect(circuit.admits()).toBe(false);
});

test('after a while one request probes, and its success lets all through', () => {
  const { circuit, states, fail, pass } = circuitAt();
  fail(3);
  pass(99);
  expect(circuit.admits()).toBe(false);
  pass(1);
  expect([circuit.admits(), circuit.admits(), circuit.admits()]).toEqual([true, false, false]);
  circuit.succeeded();
  expect([circuit.admits(), circuit.admits()]).toEqual([true, true]);
  expect(states).toEqual(['open', 'half-open', 'closed']);
});

test('each probe that fails doubles the pause, up to the longest', () => {
  const { circuit, fail, pass } = circuitAt();
  fail(3);
  for (const pause of [100, 200, 300, 300]) {
    pass(pause - 1);
    expect(circuit.admits()).toBe(false);
    pass(1);
    expect(circuit.admits()).toBe(true);
    circuit.failed();
  }
  pass(300);
  circuit.admits();
  circuit.succeeded();
  fail(3);
  pass(100);
  expect(circuit.admits()).toBe(true);
});

test('a probe that tells nothing makes way for another', () => {
  const { circuit, fail, pass } = circuitAt();
  fail(3);
  pass(100);
  expect(circuit.admits()).toBe(true);
  circuit.gaveUp();
  expect(circuit.admits()).toBe(true);
  expect(circuit.admits()).toBe(false);
});
