import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aProduct } from '../products/product.fixture.ts';
import { aRule } from './market-rule.fixture.ts';
import { hasEmoji, hasHtml, hasLongRun, textProblems } from './text-rules.ts';

const titled = (title: string, description = '') =>
  aProduct({ texts: [{ language: 'de', title, description }] });

const codes = (title: string, description = '') =>
  textProblems(titled(title, description), [aRule()]).map(({ code }) => code);

describe('a title', () => {
  test.for(['Boots 👢', 'Flagge 🇩🇪', 'Nummer 1️⃣', '❤ Herz', 'Daumen 👍🏽'])(
    'has no emoji: %s',
    (title) => {
      expect(hasEmoji(title)).toBe(true);
      expect(codes(title)).toEqual(['TITLE_HAS_EMOJI']);
    },
  );

  test.for(['Lego® 42', 'Marke™ © 2026', '#1 * 100 %', 'เสื้อยืด', '革のブーツ 27cm'])(
    'may be %s',
    (title) => {
      expect(codes(title)).toEqual([]);
    },
  );

  test.for(['<b>Boots</b>', 'Boots <br/', '</p>', '<!-- x -->', 'A &amp; B', '&#60;b&#x3e;'])(
    'has no HTML: %s',
    (title) => {
      expect(hasHtml(title)).toBe(true);
      expect(codes(title)).toEqual(['TITLE_HAS_HTML']);
    },
  );

  test.for(['Size < 42', 'A & B', 'i <3 boots', 'Q&A'])('may hold %s', (title) => {
    expect(codes(title)).toEqual([]);
  });

  test.for(['Boots\u0000', 'Boots\u202Estoob', 'Boots\nfor all', 'Boots\tL'])(
    'has no control characters: %j',
    (title) => {
      expect(codes(title)).toEqual(['TITLE_HAS_CONTROL_CHARACTERS']);
    },
  );

  test('repeats a character nine times at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.constantFrom('a', 'ö', 'é', '中'), (n, c) => {
        expect(hasLongRun(`Boot ${c.repeat(n)}!`)).toBe(n > 9);
      }),
    );
    expect(codes(`W${'o'.repeat(10)}w`)).toEqual(['TITLE_REPEATS_CHARACTER']);
  });

  test('is measured in characters as people see them, by the market', () => {
    const rules = [aRule({ titleMinLength: 5, titleMaxLength: 8 })];
    const lengthOf = (length: number) =>
      // A letter with two combining marks is one character.
      textProblems(titled('a\u0323\u0302b'.repeat(length / 2)), rules).map(({ code }) => code);
    expect(lengthOf(4)).toEqual(['TITLE_TOO_SHORT']);
    expect(lengthOf(6)).toEqual([]);
    expect(lengthOf(8)).toEqual([]);
    expect(lengthOf(10)).toEqual(['TITLE_TOO_LONG']);
  });

  test('of one market does not stand in the way of another with a title of its own', () => {
    const product = aProduct({
      defaultLanguage: 'en',
      texts: [
        { language: 'en', title: 'Boots', description: '' },
        { language: 'th', title: 'รองเท้าบูทหนังแท้สำหรับเดินป่า กันน้ำ', description: '' },
      ],
    });
    const us = aRule({ market: 'US', languages: ['en'] });
    const th = aRule({ market: 'TH', languages: ['th'], titleMinLength: 25 });
    const vn = aRule({ market: 'VN', languages: ['vi'], titleMinLength: 25 });
    expect(textProblems(product, [us, th])).toEqual([]);
    expect(textProblems(product, [us, th, vn])).toMatchObject([
      { code: 'TITLE_TOO_SHORT', market: 'VN', path: ['texts', 0, 'title'] },
    ]);
  });
});

describe('a description', () => {
  test('is plain text without control characters, over several lines if need be', () => {
    expect(codes('Boots', 'Two\nlines, and a 🎉')).toEqual([]);
    expect(codes('Boots', '<script>alert(1)</script>')).toEqual(['DESCRIPTION_HAS_HTML']);
    expect(codes('Boots', 'bell\u0007')).toEqual(['DESCRIPTION_HAS_CONTROL_CHARACTERS']);
  });

  test('has 10,000 characters at most', () => {
    expect(codes('Boots', 'x'.repeat(10_000))).toEqual([]);
    expect(codes('Boots', 'x'.repeat(10_001))).toEqual(['DESCRIPTION_TOO_LONG']);
  });
});
