import type { Random } from '@vitrine/demo/world/random';

type Corruption = (text: string, random: Random) => string;

const at = (text: string, random: Random): number => random.between(0, text.length);

const JUNK = [
  '{',
  '}',
  '(',
  ')',
  '"',
  '"""',
  '$',
  '@',
  '...',
  '#',
  '\u0000',
  '\ufeff',
  '💥',
  '\\u',
  ':',
];

const flip: Corruption = (text, random) => {
  const place = at(text, random);
  return (
    text.slice(0, place) + String.fromCharCode(random.between(0, 0xffff)) + text.slice(place + 1)
  );
};
const insert: Corruption = (text, random) => {
  const place = at(text, random);
  return text.slice(0, place) + random.pick(JUNK) + text.slice(place);
};
const cut: Corruption = (text, random) => text.slice(0, at(text, random));
const remove: Corruption = (text, random) => {
  const place = at(text, random);
  return text.slice(0, place) + text.slice(place + random.between(1, 20));
};
const repeat: Corruption = (text, random) => {
  const [from, length] = [at(text, random), random.between(1, 40)];
  return (
    text.slice(0, from) +
    text.slice(from, from + length).repeat(random.between(2, 50)) +
    text.slice(from)
  );
};
const deepSelection: Corruption = (_text, random) => {
  const depth = random.between(50, 3_000);
  return `${'{ node(id: "1") '.repeat(depth)}{ id }${'}'.repeat(depth)}`;
};
const deepValue: Corruption = (_text, random) => {
  const depth = random.between(50, 5_000);
  return `{ node(id: ${'['.repeat(depth)}1${']'.repeat(depth)}) { id } }`;
};
const fragmentBomb: Corruption = (_text, random) => {
  const count = random.between(5, 30);
  const fragments = Array.from(
    { length: count },
    (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} __typename }`,
  );
  return `{ ...F0 } ${fragments.join(' ')} fragment F${count} on Query { __typename }`;
};
const fragmentCircle: Corruption = () =>
  '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }';
const manyAliases: Corruption = (_text, random) =>
  `{ ${Array.from({ length: random.between(10, 900) }, (_, i) => `a${i}: __typename`).join(' ')} }`;
const manyDirectives: Corruption = (_text, random) =>
  `{ __typename ${'@include(if: true) '.repeat(random.between(2, 900))} }`;
const longName: Corruption = (_text, random) => `{ ${'n'.repeat(random.between(1_000, 100_000))} }`;
const longComment: Corruption = (text, random) =>
  `#${'c'.repeat(random.between(1, 200_000))}\n${text}`;

const corruptions: readonly Corruption[] = [
  flip,
  insert,
  cut,
  remove,
  repeat,
  deepSelection,
  deepValue,
  fragmentBomb,
  fragmentCircle,
  manyAliases,
  manyDirectives,
  longName,
  longComment,
];

/** The text with one to three things done to it that no client would do. */
export function corrupted(text: string, random: Random): string {
  let result = text;
  for (let times = random.between(1, 3); times > 0; times -= 1) {
    result = random.pick(corruptions)(result, random);
  }
  return result;
}
