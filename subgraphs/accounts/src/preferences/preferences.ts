import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Person } from '../people/person.ts';
import type { InputProblem } from '../people/person-input.ts';

/** What somebody wants to be shown, wherever they sign in. */
export interface Preferences {
  /** Where they buy; null when they never said. */
  readonly market: string | null;
  /** BCP 47 in its canonical form, the most wanted first. */
  readonly languages: readonly string[];
  /** Raised by every change; 1 for what they said when they signed up. */
  readonly version: number;
}

export const MAX_LANGUAGES = 5;
/** What RFC 5646 asks software to have room for. */
const LONGEST_LANGUAGE = 35;

export const preferencesOf = ({
  market,
  language,
  languages = language === null ? [] : [language],
  preferencesVersion: version = 1,
}: Pick<Person, 'market' | 'language' | 'languages' | 'preferencesVersion'>): Preferences => ({
  market,
  languages,
  version,
});

/** What is undefined stays. */
export interface PreferencesChange {
  readonly expectedVersion: number;
  readonly market?: string | null | undefined;
  readonly languages?: readonly string[] | undefined;
}

export interface PreferencesPorts {
  readonly people: {
    findMany(ids: readonly string[]): Promise<readonly Person[]>;
    /** False where they are no longer of the version before, or the person is gone. */
    savePreferences(userId: string, next: Preferences): Promise<boolean>;
  };
  readonly isMarket: (code: string) => boolean;
}

export type PreferencesRefusal =
  | { readonly problems: readonly InputProblem[] }
  /** Somebody was faster: how they stand now. */
  | { readonly current: Preferences }
  | 'NO_ACCOUNT';

/** `de-de` is `de-DE`; null for what is no language tag. */
function canonical(tag: string): string | null {
  if (tag.length > LONGEST_LANGUAGE) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}

/** Every rule that a change breaks. */
export function preferencesProblems(
  { market, languages }: Omit<PreferencesChange, 'expectedVersion'>,
  isMarket: (code: string) => boolean,
): readonly InputProblem[] {
  const problems: InputProblem[] = [];
  if (market != null && !isMarket(market)) {
    const message = 'The platform does not trade in this market.';
    problems.push({ code: 'UNKNOWN_MARKET', message, path: ['market'] });
  }
  if (languages && languages.length > MAX_LANGUAGES) {
    const message = `At most ${MAX_LANGUAGES} languages are kept.`;
    problems.push({ code: 'TOO_MANY_LANGUAGES', message, path: ['languages'] });
  }
  const tags = (languages ?? []).slice(0, MAX_LANGUAGES).map(canonical);
  for (const [at, tag] of tags.entries()) {
    const path = ['languages', String(at)];
    if (tag === null) {
      const message = 'A language is a tag such as `de` or `pt-BR`.';
      problems.push({ code: 'LANGUAGE_MALFORMED', message, path });
    } else if (tags.indexOf(tag) < at) {
      const message = 'Each language is named once.';
      problems.push({ code: 'LANGUAGE_REPEATED', message, path });
    }
  }
  if (market === undefined && languages === undefined) {
    problems.push({ code: 'NOTHING_TO_CHANGE', message: 'Say what is to change.', path: [] });
  }
  return problems;
}

export const changePreferences =
  ({ people, isMarket }: PreferencesPorts) =>
  async ({
    userId,
    ...change
  }: PreferencesChange & { readonly userId: string }): Promise<
    Outcome<Preferences, PreferencesRefusal>
  > => {
    const problems = preferencesProblems(change, isMarket);
    if (problems.length > 0) return refuse({ problems });
    const { expectedVersion, market, languages } = change;
    const [person] = await people.findMany([userId]);
    if (!person) return refuse('NO_ACCOUNT');
    const current = preferencesOf(person);
    if (current.version !== expectedVersion) return refuse({ current });
    const next: Preferences = {
      market: market === undefined ? current.market : market,
      languages: languages?.flatMap((tag) => canonical(tag) ?? []) ?? current.languages,
      version: expectedVersion + 1,
    };
    if (await people.savePreferences(userId, next)) return accept(next);
    const [since] = await people.findMany([userId]);
    return since ? refuse({ current: preferencesOf(since) }) : refuse('NO_ACCOUNT');
  };
