import { describe, expect, test } from 'vitest';
import { gatewayError } from '../../errors.ts';
import { aGroup, upTo } from './group.fixture.ts';
import { aClient, aLog, cursorAt, pulseEvent } from './log.fixture.ts';
import { openPlaces } from './places.ts';

describe('a group', () => {
  test('of a hundred has one upstream, which knows how many are behind it', async () => {
    const log = aLog();
    const { group, state } = aGroup(log);
    const clients = upTo(100).map(() => aClient());
    const members = clients.map(({ sink }) => group.join(sink, null));
    log.say();
    await log.settle();
    expect(log.readings).toHaveLength(1);
    expect(log.readings[0]?.audience()).toBe(100);
    for (const { sequences } of clients) expect(sequences).toEqual([1]);

    for (const member of members) member.leave();
    expect(log.opened()).toEqual([]);
    expect(state).toEqual({ isOver: true, isEmpty: true });
  });

  test('tells a late guest the same last moments, and the newest total', async () => {
    const log = aLog();
    const { group } = aGroup(log);
    group.join(aClient().sink, null);
    for (const _ of upTo(30)) log.say();
    await log.settle();
    log.readings[0]?.pulse(pulseEvent('Pulse', 7));
    log.readings[0]?.pulse(pulseEvent('Pulse', 8));
    const late = aClient();
    group.join(late.sink, null);
    expect(late.sequences).toEqual(upTo(30, 11));
    expect(late.pulses).toEqual([8]);
    expect(log.readings).toHaveLength(1);
  });

  test('tells nobody what is long past', async () => {
    const log = aLog();
    let time = 0;
    const { group } = aGroup(log, { now: () => time });
    group.join(aClient().sink, null);
    log.say();
    await log.settle();
    time = 60_001;
    log.say();
    await log.settle();
    const late = aClient();
    group.join(late.sink, null);
    expect(late.sequences).toEqual([2]);
  });

  test('lets who comes back with a recent cursor go on without an upstream of its own', async () => {
    const log = aLog();
    const { group } = aGroup(log);
    group.join(aClient().sink, null);
    for (const _ of upTo(30)) log.say();
    await log.settle();
    const back = aClient();
    const member = group.join(back.sink, cursorAt(4));
    expect(back.sequences).toEqual(upTo(30, 5));
    expect(member.cursor()).toBe(cursorAt(30));
    expect(log.readings).toHaveLength(1);
  });

  test('that began after a cursor lets others begin there too, and asks for what guests are told', async () => {
    const log = aLog();
    for (const _ of upTo(5)) log.say();
    const { group } = aGroup(log, { resumeAfter: cursorAt(5) });
    group.join(aClient().sink, cursorAt(5));
    const same = aClient();
    group.join(same.sink, cursorAt(5));
    expect(log.readings).toHaveLength(1);

    const guest = aClient();
    group.join(guest.sink, null);
    await log.settle();
    expect(guest.sequences).toEqual([3, 4, 5]);
    expect(log.opened()).toHaveLength(1);
    // What one guest was told, the next is told from memory.
    const next = aClient();
    group.join(next.sink, null);
    expect(next.sequences).toEqual([3, 4, 5]);
    expect(log.readings).toHaveLength(2);
  });

  test('repeats from memory nothing that was taken back', async () => {
    const log = aLog();
    const { group } = aGroup(log);
    group.join(aClient().sink, null);
    log.say();
    log.say(true);
    await log.settle();
    const late = aClient();
    group.join(late.sink, null);
    expect(late.sequences).toEqual([]);
    await log.settle();
    // From the subgraph, which leaves out by itself what was taken back.
    expect(late.sequences).toEqual([1, 2]);
    expect(log.readings).toHaveLength(2);
    expect(log.opened()).toHaveLength(1);
  });

  test('reads no further while nobody reads, and goes on with the first who does', async () => {
    const log = aLog();
    const { group } = aGroup(log);
    const clients = [aClient(), aClient()] as const;
    const members = clients.map(({ sink }) => group.join(sink, null));
    for (const { setReady } of clients) setReady(false);
    for (const _ of upTo(3)) log.say();
    await log.settle();
    expect(clients.map(({ sequences }) => sequences)).toEqual([[1], [1]]);
    clients[1].setReady(true);
    members[1]?.ready();
    await log.settle();
    expect(clients.map(({ sequences }) => sequences)).toEqual([upTo(3), upTo(3)]);
  });

  test('that nobody reads goes on when somebody else joins', async () => {
    const log = aLog();
    const { group } = aGroup(log);
    const slow = aClient();
    slow.setReady(false);
    group.join(slow.sink, null);
    log.say();
    log.say();
    await log.settle();
    const quick = aClient();
    group.join(quick.sink, null);
    await log.settle();
    expect(quick.sequences).toEqual([1, 2]);
  });

  test('ends everybody with its upstream, and who catches up where that one ends', async () => {
    const log = aLog();
    for (const _ of upTo(3)) log.say();
    const { group, state } = aGroup(log, { resumeAfter: cursorAt(3) });
    const present = aClient();
    group.join(present.sink, cursorAt(3));
    const late = aClient();
    group.join(late.sink, cursorAt(1));
    log.readings[0]?.end({ kind: 'completed' });
    expect(present.endings).toEqual([{ kind: 'completed' }]);
    expect(state).toEqual({ isOver: true, isEmpty: false });
    await log.settle();
    log.readings[1]?.end({ kind: 'completed' });
    expect(late.sequences).toEqual([2, 3]);
    expect(late.endings).toEqual([{ kind: 'completed' }]);
    expect(state.isEmpty).toBe(true);
  });
});

describe('members that catch up', () => {
  const behind = async (count: number, most: number) => {
    const log = aLog();
    for (const _ of upTo(9)) log.say();
    const places = openPlaces(most);
    const { group } = aGroup(log, { resumeAfter: cursorAt(9), places });
    group.join(aClient().sink, cursorAt(9));
    const clients = upTo(count).map(() => aClient());
    const members = clients.map(({ sink }, at) => group.join(sink, cursorAt(at + 1)));
    return { log, group, places, clients, members };
  };

  test('do so a few at a time, and all miss nothing', async () => {
    const { log, places, clients } = await behind(6, 2);
    expect(log.opened()).toHaveLength(3);
    expect(places.waiting()).toBe(4);
    log.say();
    await log.settle();
    for (const [at, { sequences }] of clients.entries()) {
      expect(sequences).toEqual(upTo(10, at + 2));
    }
    expect(log.opened()).toHaveLength(1);
    expect(places.waiting()).toBe(0);
  });

  test('leave the queue when they leave, and make room for the next when they are inside', async () => {
    const { log, places, members } = await behind(4, 1);
    members[1]?.leave();
    expect(places.waiting()).toBe(2);
    members[0]?.leave();
    expect(places.waiting()).toBe(1);
    expect(log.opened().map(({ resumeAfter }) => resumeAfter)).toEqual([cursorAt(9), cursorAt(3)]);
  });

  test.for([true, false])(
    'and do not read keep nobody from catching up, and go on when they read (%s)',
    async (isSlowBefore) => {
      const log = aLog();
      for (const _ of upTo(9)) log.say();
      const { group } = aGroup(log, { resumeAfter: cursorAt(9), places: openPlaces(1) });
      group.join(aClient().sink, cursorAt(9));
      const [slow, quick] = [aClient(), aClient()];
      slow.setReady(false);
      const member = group.join(slow.sink, cursorAt(1));
      // Before and after it is known to be slow.
      if (isSlowBefore) await log.settle();
      group.join(quick.sink, cursorAt(1));
      await log.settle();
      expect(slow.sequences).toEqual([2]);
      expect(quick.sequences).toEqual(upTo(9, 2));
      expect(member.cursor()).toBe(cursorAt(2));

      slow.setReady(true);
      member.ready();
      await log.settle();
      expect(slow.sequences).toEqual(upTo(9, 2));
      expect(log.opened()).toHaveLength(1);
    },
  );

  test('go on where they stand after a swap, whether they have begun or not', async () => {
    const { log, group, clients } = await behind(3, 1);
    log.readings[1]?.step();
    group.swap(log.open);
    log.say();
    await log.settle();
    for (const [at, { sequences }] of clients.entries()) {
      expect(sequences).toEqual(upTo(10, at + 2));
    }
  });
});

describe('a cursor that the subgraph refuses', () => {
  const refusal = {
    kind: 'refused',
    errors: [gatewayError('BAD_USER_INPUT', 'no cursor')],
  } as const;

  test('ends who brought it, and not the others', async () => {
    const log = aLog();
    for (const _ of upTo(3)) log.say();
    const { group, state } = aGroup(log, { resumeAfter: 'nonsense' });
    const [bad, good, guest] = [aClient(), aClient(), aClient()] as const;
    group.join(bad.sink, 'nonsense');
    group.join(good.sink, cursorAt(1));
    group.join(guest.sink, null);
    log.readings[0]?.end(refusal);
    await log.settle();
    expect(bad.endings).toEqual([refusal]);
    expect(state.isOver).toBe(false);
    expect(good.sequences).toEqual([2, 3]);
    expect(guest.sequences).toEqual(upTo(3));
    log.say();
    await log.settle();
    expect([good.sequences.at(-1), guest.sequences.at(-1)]).toEqual([4, 4]);
    expect(log.opened()).toHaveLength(1);
  });

  test('of somebody who joins later ends that one alone', async () => {
    const log = aLog();
    const { group } = aGroup(log);
    const present = aClient();
    group.join(present.sink, null);
    const bad = aClient();
    group.join(bad.sink, 'nonsense');
    log.readings[1]?.end(refusal);
    expect(bad.endings).toEqual([refusal]);
    log.say();
    await log.settle();
    expect(present.sequences).toEqual([1]);
  });
});
