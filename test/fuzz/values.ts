import type { Random } from '@vitrine/demo/world/random';
import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';

/** Ids of things that exist, so that documents reach further than to "there is none". */
export interface KnownIds {
  /** Remembers the ids in an answer; a bounded number of them. */
  learn(answer: string): void;
  pick(random: Random): string;
}

const MOST_IDS = 500;

export function knownIds(): KnownIds {
  const ids = new Set<string>();
  return {
    learn(answer) {
      for (const [id] of answer.matchAll(/\b[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}\b/g)) {
        if (ids.size < MOST_IDS) ids.add(id);
      }
    },
    pick: (random) =>
      ids.size > 0 && random.chance(0.8) ? random.pick([...ids]) : 'prd_01JNYZ8V4D0000000000000009',
  };
}

/** Texts that have broken programs before. */
const NASTY_TEXTS = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '‮evil',
  "'; DROP TABLE users; --",
  '{"$ne":null}',
  '__proto__',
  '../../etc/passwd',
  '{{7*7}}',
  'ﷺ'.repeat(50),
  'a'.repeat(20_000),
  '👩‍👩‍👧‍👦'.repeat(100),
];
const NASTY_NUMBERS = [0, -1, 1, 100, 101, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 1e308, 0.1, 9e15];

const SCALARS: Readonly<Record<string, (random: Random, ids: KnownIds) => unknown>> = {
  ID: (random, ids) => ids.pick(random),
  Int: (random) => random.between(1, 20),
  Float: (random) => random.next() * 100,
  Boolean: (random) => random.chance(0.5),
  String: (random) => random.pick(['batik', 'Kebaya merah', 'x', 'a@b.example', ...NASTY_TEXTS]),
  DateTime: (random) => random.pick(['2026-03-01T12:00:00.000Z', '2026-03-01', 'yesterday']),
  Decimal: (random) => random.pick(['19.90', '0', '-1', '1e9', '99999999999999999999.99']),
  CurrencyCode: (random) => random.pick(['IDR', 'GBP', 'XXX', 'eur']),
  MarketCode: (random) => random.pick(['GB', 'ID', 'VN', 'ZZ']),
  LanguageTag: (random) => random.pick(['en', 'id', 'pt-BR', 'klingon']),
  URL: (random) => random.pick(['https://shop.example/a.jpg', 'javascript:alert(1)', 'nope']),
};

const wrong = (random: Random): unknown =>
  random.pick<unknown>([
    null,
    true,
    {},
    [],
    [[[]]],
    { a: { b: 1 } },
    random.pick(NASTY_TEXTS),
    random.pick(NASTY_NUMBERS),
  ]);

/** A value of that type, now and then one of another. Deep inputs end after `depth` levels. */
export function inputOf(type: GraphQLInputType, random: Random, ids: KnownIds, depth = 4): unknown {
  if (random.chance(0.03)) return wrong(random);
  if (isNonNullType(type)) return inputOf(type.ofType, random, ids, depth);
  if (random.chance(0.05)) return null;
  if (isListType(type)) {
    const length = random.chance(0.02) ? 300 : random.between(0, 3);
    return Array.from({ length }, () => inputOf(type.ofType, random, ids, depth - 1));
  }
  if (isEnumType(type)) return random.pick(type.getValues()).name;
  if (!isInputObjectType(type)) return (SCALARS[type.name] ?? wrong)(random, ids);
  if (depth <= 0) return {};
  const fields = Object.values(type.getFields()).filter(
    (field) => isNonNullType(field.type) || random.chance(0.5),
  );
  return Object.fromEntries(
    fields.map((field) => [field.name, inputOf(field.type, random, ids, depth - 1)]),
  );
}
