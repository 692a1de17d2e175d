import { isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { errorMeanings } from './error-codes.ts';
import { href } from './markup/links.ts';
import { summary } from './markup/prose.ts';
import { kindOf } from './pages/type-page.ts';
import type { Reference } from './reference.ts';

/** One thing that can be found. */
export interface Entry {
  readonly name: string;
  readonly kind: string;
  readonly url: string;
  /** What it is, in a sentence. */
  readonly text: string;
}

/** Operations first, then types, codes, examples and at last the fields of types. */
export function searchEntries(reference: Reference): Entry[] {
  const { operations, types, examples } = reference;
  const entry = (name: string, kind: string, path: string, text: string): Entry => ({
    name,
    kind,
    url: href(reference, path),
    text,
  });
  return [
    ...operations.map(({ kind, field }) =>
      entry(field.name, kind, `/${kind}/${field.name}`, summary(field.description)),
    ),
    ...types.map((type) =>
      entry(type.name, kindOf(type), `/type/${type.name}`, summary(type.description)),
    ),
    ...Object.entries(errorMeanings).map(([code, { meaning }]) =>
      entry(code, 'error', `/errors#${code}`, meaning),
    ),
    ...examples.map(({ name, slug, text }) =>
      entry(name, 'example', `/examples#example-${slug}`, summary(text)),
    ),
    ...types.flatMap((type) => {
      const members = isEnumType(type)
        ? type.getValues()
        : isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
          ? Object.values(type.getFields())
          : [];
      return members.map((member) =>
        entry(
          `${type.name}.${member.name}`,
          isEnumType(type) ? 'value' : 'field',
          `/type/${type.name}#${member.name}`,
          summary(member.description),
        ),
      );
    }),
  ];
}

const MAX_RESULTS = 50;

/**
 * Entries that have every word, the nearest first: a name that is the text, one that begins with it,
 * one that holds it, and at last descriptions. `assets/docs.js` ranks by the same rule.
 */
export function search(entries: readonly Entry[], text: string): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const [first] = words;
  if (first === undefined) return [];
  return entries
    .flatMap((entry, order) => {
      const name = entry.name.toLowerCase();
      const all = `${name} ${entry.kind} ${entry.text.toLowerCase()}`;
      if (!words.every((word) => all.includes(word))) return [];
      const own = name.split('.').at(-1) ?? name;
      const rank =
        name === first
          ? 0
          : own === first
            ? 1
            : name.startsWith(first)
              ? 2
              : name.includes(first)
                ? 3
                : 4;
      return [{ entry, rank, order }];
    })
    .toSorted((one, other) => one.rank - other.rank || one.order - other.order)
    .slice(0, MAX_RESULTS)
    .map(({ entry }) => entry);
}
