import type { Data } from '@vitrine/graph-client/graph-client';
import type { Answer } from './answers.ts';
import { type Person, type Persona, people, stands } from './personas.ts';
import type { Stage } from './stage.ts';

/** Who may do one thing, and how somebody else is answered. */
export interface Row {
  /** The expected answer of each persona. */
  readonly expected: Readonly<Record<Persona, Answer>>;
  /** In whose name the app acts, who is impersonated, and whose token has expired. */
  readonly holder: Person;
  /** What the app with the scope holds. */
  readonly scopes: readonly string[];
  /**
   * The input of a mutation, arguments of another root field, `id` of an entity and `memberId` of
   * what is asked for in it. Made for each call.
   */
  readonly input: (stage: Stage) => Data;
  /** Where the input names the thing that is somebody's; another id there must be answered alike. */
  readonly names?: string | undefined;
  /** The place that a refusal blames, where that is not `names`. */
  readonly blames?: string | undefined;
  /** Puts back what the call before has used up. */
  readonly prepare?: ((stage: Stage) => Promise<unknown>) | undefined;
  /** Fields of the type that are null on this stage for whoever may see them. */
  readonly empty: readonly string[];
}

interface Options {
  readonly scope?: string;
  readonly names?: string;
  readonly blames?: string;
  readonly prepare?: (stage: Stage) => Promise<unknown>;
  readonly input?: (stage: Stage) => Data;
  readonly empty?: readonly string[];
  /** Answers that differ from what the rule says. */
  readonly but?: Partial<Record<Persona, Answer>>;
}

const everybody = <Value>(value: (person: Persona) => Value): Record<Persona, Value> =>
  // Every persona is a key.
  Object.fromEntries([...people, ...stands].map((persona) => [persona, value(persona)])) as Record<
    Persona,
    Value
  >;

/**
 * What they are in this shop: an owner is one with a one-time password and without, which `but` tells
 * apart where it matters, and who owns another shop has no more rights here for that.
 */
const inThisShop = (person: Person): Person => {
  if (person === 'owner with a second factor') return 'owner';
  return person === 'agent who owns another shop' ? 'agent' : person;
};

export const row = (
  holder: Person,
  { scope, names, blames, prepare, empty = [], input = () => ({}), but = {} }: Options,
  answer: (person: Person) => Answer,
  app: { readonly without: Answer; readonly with?: Answer; readonly alone: Answer } = {
    without: 'MISSING_SCOPE',
    alone: 'FORBIDDEN',
  },
): Row => {
  const held = answer(holder);
  return {
    holder,
    scopes: scope === undefined ? [] : scope.split(' '),
    input,
    names,
    blames,
    prepare,
    empty,
    expected: {
      ...everybody((persona): Answer => {
        switch (persona) {
          case 'app without the scope':
            return scope === undefined ? (app.with ?? held) : app.without;
          case 'app with the scope':
            return app.with ?? held;
          case 'impersonated':
            return held;
          case 'app for itself':
            return app.alone;
          case 'expired token':
            return 'UNAUTHENTICATED';
          default:
            return answer(inThisShop(persona));
        }
      }),
      ...but,
    },
  };
};

const isGuest = (person: Person): boolean => person === 'guest' || person === 'guest with a token';

/** Anybody, signed in or not. */
export const anybody = (options: Options = {}): Row =>
  row('buyer', options, () => 'ALLOWED', { without: 'ALLOWED', alone: 'ALLOWED' });

/** Whoever is signed in, on what is their own or everybody's. */
export const anyPerson = (options: Options): Row =>
  row('buyer', options, (person) => (isGuest(person) ? 'UNAUTHENTICATED' : 'ALLOWED'));

/** Those people alone; somebody else is answered as if there were no such thing, or `otherwise`. */
export const only = (
  holders: readonly [Person, ...Person[]],
  { otherwise = 'NOT_FOUND', ...options }: Options & { readonly otherwise?: Answer },
): Row =>
  row(holders[0], options, (person) => {
    if (isGuest(person)) return 'UNAUTHENTICATED';
    return holders.includes(person) ? 'ALLOWED' : otherwise;
  });

/** Fields of something that is there for those people alone: for all others it is null. */
export const seenBy = (holders: readonly [Person, ...Person[]], options: Options): Row =>
  row(holders[0], options, (person) => (holders.includes(person) ? 'ALLOWED' : 'NULL'), {
    without: 'MISSING_SCOPE',
    alone: 'NULL',
  });

/**
 * Staff of the shop in these roles. The gateway lets through who has the role in some shop, so that
 * the owner of another one is answered where the data is; everybody else is not even asked for.
 */
export const staff = (
  roles: readonly [Person, ...Person[]],
  {
    elsewhere = 'NOT_FOUND',
    agent = elsewhere,
    ...options
  }: Options & {
    readonly elsewhere?: Answer;
    /** To an agent who is let through since they own another shop. */
    readonly agent?: Answer;
  },
): Row =>
  row(
    roles[0],
    {
      ...options,
      but: {
        'agent who owns another shop': roles.includes('agent') ? 'ALLOWED' : agent,
        ...options.but,
      },
    },
    (person) => {
      if (isGuest(person)) return 'UNAUTHENTICATED';
      if (roles.includes(person)) return 'ALLOWED';
      return person === 'owner of another shop' ? elsewhere : 'FORBIDDEN';
    },
  );

/** Whoever is signed in, in person: neither an app nor an operator in their name. */
export const inPerson = (options: Options): Row =>
  row(
    'buyer',
    { ...options, but: { impersonated: 'FORBIDDEN', ...options.but } },
    (person) => (isGuest(person) ? 'UNAUTHENTICATED' : 'ALLOWED'),
    { without: 'FORBIDDEN', with: 'FORBIDDEN', alone: 'FORBIDDEN' },
  );

/** The same, on what is theirs alone. */
export const inPersonOnly = (holder: Person, options: Options): Row =>
  row(
    holder,
    { ...options, but: { impersonated: 'FORBIDDEN', ...options.but } },
    (person) => {
      if (isGuest(person)) return 'UNAUTHENTICATED';
      return person === holder ? 'ALLOWED' : 'NOT_FOUND';
    },
    { without: 'FORBIDDEN', with: 'FORBIDDEN', alone: 'FORBIDDEN' },
  );

/**
 * An operator with the duty, who signed in with a second factor. No app is one, nor is who acts as
 * an operator.
 */
export const operator = (options: Options): Row =>
  row(
    'operator',
    { ...options, but: { impersonated: 'FORBIDDEN', ...options.but } },
    (person) => {
      if (isGuest(person)) return 'UNAUTHENTICATED';
      if (person === 'operator') return 'ALLOWED';
      return person === 'operator without a second factor' ? 'SECOND_FACTOR_REQUIRED' : 'FORBIDDEN';
    },
    { without: 'FORBIDDEN', with: 'FORBIDDEN', alone: 'FORBIDDEN' },
  );
