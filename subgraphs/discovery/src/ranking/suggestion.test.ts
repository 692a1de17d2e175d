import { describe, expect, test } from 'vitest';
import { reasonText } from './suggestion.ts';

describe('the reason for people', () => {
  test.each([
    [['de-AT'], 'Weil du Wanderschuhe angesehen hast'],
    [['id'], 'Karena Anda melihat Wanderschuhe'],
    [['xx', 'de'], 'Weil du Wanderschuhe angesehen hast'],
    [['xx'], 'Because you viewed Wanderschuhe'],
    [[], 'Because you viewed Wanderschuhe'],
  ])('to those who read %o is "%s"', (languages, text) => {
    expect(reasonText('BECAUSE_YOU_VIEWED', 'Wanderschuhe', languages)).toBe(text);
  });

  test('reads well when the product it follows from has no title any more', () => {
    expect(reasonText('BOUGHT_TOGETHER', null, [])).toBe('Bought together');
  });
});
