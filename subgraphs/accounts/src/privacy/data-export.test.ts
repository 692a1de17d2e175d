import { DAY, HOUR, MINUTE, plus } from '@vitrine/kernel/clock';
import { describe, expect, test } from 'vitest';
import { type DataExport, newExport, nextStep, readied } from './data-export.ts';
import { exportLinks } from './export-link.hmac.ts';
import { asked, missingOf, type Part, progressOf } from './progress.ts';

const now = new Date('2026-03-01T12:00:00Z');
const begun = newExport('exp_1', 'usr_1', now);
const parts: Part[] = asked.map((subgraph) => ({ subgraph, at: now }));
const complete: DataExport = { ...begun, parts };

describe('what an export needs next', () => {
  test.for<[string, DataExport, number, string]>([
    ['parts are missing', begun, 0, 'ASK_AGAIN'],
    ['parts are missing for an hour', begun, HOUR, 'FAIL'],
    ['all parts are there', complete, MINUTE, 'ASSEMBLE'],
    ['it could not be put together for an hour', complete, HOUR, 'FAIL'],
    ['it is ready', readied(complete, now), 6 * DAY, 'NOTHING'],
    ['it was ready a week ago', readied(complete, now), 7 * DAY, 'EXPIRE'],
    ['it failed', { ...begun, state: 'FAILED' }, 9 * DAY, 'NOTHING'],
    ['it is gone', { ...begun, state: 'EXPIRED' }, 9 * DAY, 'NOTHING'],
  ])('when %s', ([, found, afterMs, step]) => {
    expect(nextStep(found, plus(now, afterMs))).toBe(step);
  });
});

test('progress names every subgraph once, accounts last', () => {
  expect(missingOf(parts.slice(1))).toEqual(['shops']);
  const told = progressOf(parts.slice(1), null);
  expect(told.map(({ subgraph }) => subgraph)).toEqual([...asked, 'accounts']);
  expect(told[0]).toEqual({ subgraph: 'shops', state: 'PENDING', at: null });
  expect(told[1]).toEqual({ subgraph: 'catalog', state: 'DONE', at: now });
});

describe('a link', () => {
  const links = exportLinks('https://shop.example', 'secret');
  const until = plus(now, DAY);
  const url = new URL(links.urlOf('exp_1', 'usr_1', until));
  const link = {
    exportId: 'exp_1',
    until: url.searchParams.get('until') ?? '',
    signature: url.searchParams.get('signature') ?? '',
  };

  test('leads to the export and is good for its person until then', () => {
    expect(url.pathname).toBe('/account/exports/exp_1');
    expect(links.isGenuine(link, 'usr_1', now)).toBe(true);
    expect(links.isGenuine(link, 'usr_1', until)).toBe(false);
  });

  test('is good for nobody else, nothing else and no longer', () => {
    const later = String(plus(until, DAY).getTime());
    expect(links.isGenuine(link, 'usr_2', now)).toBe(false);
    expect(links.isGenuine({ ...link, exportId: 'exp_2' }, 'usr_1', now)).toBe(false);
    expect(links.isGenuine({ ...link, until: later }, 'usr_1', now)).toBe(false);
    expect(links.isGenuine({ ...link, signature: '' }, 'usr_1', now)).toBe(false);
    const others = exportLinks('https://shop.example', 'another secret');
    expect(others.isGenuine(link, 'usr_1', now)).toBe(false);
  });
});
