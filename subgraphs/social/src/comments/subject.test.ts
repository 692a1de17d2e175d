import { idMaker } from '@vitrine/kernel/id';
import { describe, expect, test } from 'vitest';
import { mayModerate, roleOf, type Subject, subjectKindOf } from './subject.ts';

const newId = idMaker();
const nobody = () => false;
const room: Subject = {
  kind: 'LIVE_ROOM',
  id: 'liv_1',
  hostId: 'usr_host',
  moderatorIds: ['usr_mod'],
  state: 'LIVE',
};
const video: Subject = { kind: 'VIDEO', id: 'vid_1', authorId: 'usr_maker' };
const product: Subject = { kind: 'PRODUCT', id: 'prd_1', shopId: 'shp_1' };

describe('who says something', () => {
  test.for([
    ['HOST', room, 'usr_host'],
    ['MODERATOR', room, 'usr_mod'],
    ['VIEWER', room, 'usr_maker'],
    ['CREATOR', video, 'usr_maker'],
    ['VIEWER', video, 'usr_host'],
    ['VIEWER', product, 'usr_host'],
  ] as const)('is %s of %o', ([role, subject, userId]) => {
    expect(roleOf(subject, userId, nobody)).toBe(role);
  });

  test('works for the shop of the product, or does not', () => {
    expect(roleOf(product, 'usr_1', (shopId) => shopId === 'shp_1')).toBe('SELLER');
    expect(roleOf(product, 'usr_1', (shopId) => shopId === 'shp_2')).toBe('VIEWER');
  });
});

describe('who deletes what others said', () => {
  test('the crew of a room and the maker of a video do; sellers do not', () => {
    expect(mayModerate(room, 'usr_mod')).toBe(true);
    expect(mayModerate(room, 'usr_v')).toBe(false);
    expect(mayModerate(video, 'usr_maker')).toBe(true);
    expect(mayModerate(video, 'usr_v')).toBe(false);
    expect(mayModerate(product, 'usr_v')).toBe(false);
  });
});

describe('what can be commented', () => {
  test('is told by the id', () => {
    expect(subjectKindOf(newId('prd'))).toBe('PRODUCT');
    expect(subjectKindOf(newId('vid'))).toBe('VIDEO');
    expect(subjectKindOf(newId('liv'))).toBe('LIVE_ROOM');
    expect(subjectKindOf(newId('usr'))).toBeNull();
    expect(subjectKindOf('prd_short')).toBeNull();
    expect(subjectKindOf('')).toBeNull();
  });
});
