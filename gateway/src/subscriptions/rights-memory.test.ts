import { RIGHTS_MS } from '@vitrine/platform/rights';
import type { Viewer } from '@vitrine/platform/viewer';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect, test } from 'vitest';
import type { Session } from '../authentication.ts';
import { rightsMemory } from './rights-memory.ts';

const NOW = 1_800_000_000_000;
const { userId, sessionId } = aViewer();
const session = (issuedAt = NOW - 60_000, viewer: Viewer | null = aViewer()): Session => ({
  viewer,
  issuedAt,
  expiresAt: issuedAt + 900_000,
});
const changed = (at: number, ...shopIds: string[]) => ({
  kind: 'CHANGED' as const,
  userId,
  at,
  memberships: shopIds.map((shopId) => ({ shopId, role: 'AGENT' as const })),
});
const open = (...bounds: [{ people: number; changes: number }] | []) =>
  rightsMemory(() => NOW, ...bounds);
const shopsAfter = (memory: ReturnType<typeof open>, held: Session) =>
  memory.after(held)?.viewer?.memberships.map(({ shopId }) => shopId);

test('whoever nothing was told of keeps the very same session', () => {
  const memory = open();
  memory.note({ ...changed(NOW), userId: 'usr_other' });
  const [mine, guest] = [session(), session(0, null)];
  expect(memory.after(mine)).toBe(mine);
  expect(memory.after(guest)).toBe(guest);
});

test('the latest change counts, in whatever order and however often they are told', () => {
  const memory = open();
  for (const at of [2, 3, 1, 3, 2]) memory.note(changed(NOW - 10 + at, `shp_${at}`));
  expect(shopsAfter(memory, session())).toEqual(['shp_3']);
});

test('a change of one kind of rights leaves what was told of another', () => {
  const memory = open();
  memory.note({ kind: 'CHANGED', userId, at: NOW - 2, roles: ['BUYER', 'CREATOR'] });
  memory.note(changed(NOW - 1, 'shp_1'));
  memory.note({ kind: 'CHANGED', userId, at: NOW - 3, duties: ['FINANCE'] });
  expect(memory.after(session())?.viewer).toEqual(
    aViewer({
      roles: ['BUYER', 'CREATOR'],
      duties: ['FINANCE'],
      memberships: [{ shopId: 'shp_1', role: 'AGENT' }],
    }),
  );
});

test('a token made well after a change carries its own rights', () => {
  const memory = open();
  memory.note(changed(NOW - 60_000, 'shp_old'));
  const fresh = session(NOW);
  expect(memory.after(fresh)).toBe(fresh);
});

test('an ended session is over whenever its token was made, all of them only when it was made before', () => {
  const memory = open();
  memory.note({ kind: 'ENDED', userId, sessionId, at: NOW - 1_000 });
  expect(memory.after(session(NOW))).toBeNull();

  const other = open();
  other.note({ kind: 'ENDED', userId, sessionId: null, at: NOW - 1_000 });
  expect(other.after(session(NOW - 1_000))).toBeNull();
  expect(other.after(session(NOW - 999))?.viewer).toEqual(aViewer());
});

test('the same session has the same outcome, as one object, until another change', () => {
  const memory = open();
  const held = session();
  memory.note(changed(NOW - 1, 'shp_1'));
  const first = memory.after(held);
  expect(memory.after(held)).toBe(first);
  memory.note(changed(NOW, 'shp_2'));
  expect(shopsAfter(memory, held)).toEqual(['shp_2']);
});

describe('an app in a person’s name', () => {
  const app = (role: 'OWNER' | 'AGENT') =>
    session(NOW - 60_000, aViewer({ appId: 'app_1', memberships: [{ shopId: 'shp_1', role }] }));

  test('loses what the person loses', () => {
    const memory = open();
    memory.note(changed(NOW));
    expect(memory.after(app('OWNER'))?.viewer?.memberships).toEqual([]);
  });

  test('gets nothing that the person gets', () => {
    const memory = open();
    memory.note({
      kind: 'CHANGED',
      userId,
      at: NOW,
      roles: ['BUYER', 'OPERATOR'],
      memberships: [
        { shopId: 'shp_1', role: 'MANAGER' },
        { shopId: 'shp_2', role: 'OWNER' },
      ],
    });
    const of = (role: 'OWNER' | 'AGENT') => memory.after(app(role))?.viewer;
    expect(of('AGENT')?.memberships).toEqual([{ shopId: 'shp_1', role: 'AGENT' }]);
    expect(of('OWNER')?.memberships).toEqual([{ shopId: 'shp_1', role: 'MANAGER' }]);
    expect(of('OWNER')?.roles).toEqual(['BUYER']);
  });
});

describe('the memory is bounded', () => {
  test('what no token can be older than is forgotten', () => {
    let now = NOW;
    const memory = rightsMemory(() => now);
    memory.note({ kind: 'ENDED', userId, sessionId, at: NOW });
    now += RIGHTS_MS;
    memory.note({ ...changed(now), userId: 'usr_other' });
    expect(memory.after(session())).not.toBeNull();
    memory.note({ kind: 'ENDED', userId, sessionId, at: NOW });
    expect(memory.after(session())).not.toBeNull();
  });

  test('of too many people, those told of longest ago go first', () => {
    const memory = open({ people: 2, changes: 9 });
    const ended = (of: string) => ({ kind: 'ENDED' as const, userId: of, sessionId, at: NOW });
    const isOver = (of: string) => memory.after(session(NOW, aViewer({ userId: of }))) === null;
    for (const of of ['usr_1', 'usr_2', 'usr_1', 'usr_3']) memory.note(ended(of));
    expect(['usr_1', 'usr_2', 'usr_3'].map(isOver)).toEqual([true, false, true]);
  });

  test('of a person’s changes, the oldest go first', () => {
    const memory = open({ people: 2, changes: 2 });
    for (const id of ['ses_1', 'ses_2', 'ses_3']) {
      memory.note({ kind: 'ENDED', userId, sessionId: id, at: NOW });
    }
    const isOver = (id: string) => memory.after(session(NOW, aViewer({ sessionId: id }))) === null;
    expect(['ses_1', 'ses_2', 'ses_3'].map(isOver)).toEqual([false, true, true]);
  });
});
