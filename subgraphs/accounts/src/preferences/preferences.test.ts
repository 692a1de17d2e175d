import { describe, expect, test } from 'vitest';
import { changePreferences, preferencesOf, preferencesProblems } from './preferences.ts';

const isMarket = (code: string) => code === 'DE';

describe('preferences', () => {
  test('are those of the sign-up until others are given', () => {
    expect(preferencesOf({ market: 'DE', language: 'de' })).toEqual({
      market: 'DE',
      languages: ['de'],
      version: 1,
    });
    expect(preferencesOf({ market: null, language: null }).languages).toEqual([]);
    expect(
      preferencesOf({ market: null, language: 'de', languages: [], preferencesVersion: 4 }),
    ).toEqual({ market: null, languages: [], version: 4 });
  });

  test('that break rules are told all of them', () => {
    const languages = ['de', 'DE', 'x'.repeat(36), 'no_tag', 'fr', 'it'];
    const found = preferencesProblems({ market: 'XX', languages }, isMarket);
    expect(found.map(({ code, path }) => [code, path.join('.')])).toEqual([
      ['UNKNOWN_MARKET', 'market'],
      ['TOO_MANY_LANGUAGES', 'languages'],
      ['LANGUAGE_REPEATED', 'languages.1'],
      ['LANGUAGE_MALFORMED', 'languages.2'],
      ['LANGUAGE_MALFORMED', 'languages.3'],
    ]);
    expect(preferencesProblems({}, isMarket)).toMatchObject([{ code: 'NOTHING_TO_CHANGE' }]);
    expect(preferencesProblems({ market: null, languages: [] }, isMarket)).toEqual([]);
  });

  test('of somebody who is gone are nobody’s', async () => {
    const change = changePreferences({
      people: { findMany: async () => [], savePreferences: async () => false },
      isMarket,
    });
    const outcome = await change({ userId: 'usr_1', expectedVersion: 1, market: 'DE' });
    expect(outcome).toEqual({ ok: false, refusal: 'NO_ACCOUNT' });
  });
});
