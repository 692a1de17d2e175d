import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { upTo } from './group.fixture.ts';
import { type Group, type Member, openGroup } from './group.ts';
import { aClient, aLog, cursorAt } from './log.fixture.ts';
import { openPlaces } from './places.ts';

describe('whatever happens in whatever order', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('say' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('retract' as const) }) },
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constant('read' as const), who: fc.nat(8) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('join' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('resume' as const), at: fc.nat(40) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), who: fc.nat(8) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('swap' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('slow' as const), who: fc.nat(8) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('ready' as const), who: fc.nat(8) }) },
  );

  test('everybody sees what comes after the place where she began, once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 80, size: 'max' }),
        fc.nat(10),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, before, kept, most) => {
          const places = openPlaces(most);
          const log = aLog();
          for (const _ of upTo(before)) log.say();
          let group: Group | null = null;
          interface Present {
            readonly client: ReturnType<typeof aClient>;
            readonly member: Member;
            readonly after: number | null;
          }
          let present: Present[] = [];
          const gone: Present[] = [];
          const join = (after: number | null) => {
            const cursor = after === null ? null : cursorAt(after);
            group ??= openGroup(
              {
                open: log.open,
                canResume: true,
                recollection: { events: kept, history: 3, historyMs: 1_000 },
                places,
                now: () => 0,
                onOver: () => {
                  group = null;
                },
                onEmpty: () => {},
              },
              cursor,
            );
            const client = aClient();
            present.push({ client, after, member: group.join(client.sink, cursor) });
          };
          const pick = (who: number) => present[who % Math.max(1, present.length)];

          for (const action of steps) {
            if (action.do === 'say') log.say();
            if (action.do === 'retract') log.say(true);
            if (action.do === 'join') join(null);
            if (action.do === 'resume') join(Math.min(action.at, log.length()));
            if (action.do === 'read') {
              const opened = log.opened();
              opened[action.who % Math.max(1, opened.length)]?.step();
              await Promise.resolve();
            }
            if (action.do === 'swap') (group as Group | null)?.swap(log.open);
            if (action.do === 'slow') pick(action.who)?.client.setReady(false);
            if (action.do === 'ready') {
              pick(action.who)?.client.setReady(true);
              pick(action.who)?.member.ready();
            }
            if (action.do === 'leave') {
              const leaving = pick(action.who);
              present = present.filter((own) => own !== leaving);
              leaving?.member.leave();
              if (leaving) gone.push(leaving);
            }
          }
          for (const { client, member } of present) {
            client.setReady(true);
            member.ready();
          }
          await log.settle();
          log.say();
          await log.settle();

          for (const { client, after, member } of present) {
            const first = after === null ? (client.sequences[0] ?? 1) : after + 1;
            expect(client.sequences).toEqual(upTo(log.length(), first));
            expect(member.cursor()).toBe(cursorAt(log.length()));
            expect(client.endings).toEqual([]);
          }
          for (const { client, after } of gone) {
            const first = after === null ? (client.sequences[0] ?? 1) : after + 1;
            const last = client.sequences.at(-1);
            if (last !== undefined) expect(client.sequences).toEqual(upTo(last, first));
          }
          // Everybody has met the group: nobody keeps an upstream of her own.
          expect(log.opened()).toHaveLength(present.length > 0 ? 1 : 0);
        },
      ),
      { numRuns: 400 },
    );
  });
});
