import { hasControlCharacters, lengthOf } from '@vitrine/kernel/text';
import type { AppKind, AppWish } from './app.ts';
import { isLoopback, redirectUriProblem } from './redirect-uri.ts';

/** A broken rule of an input, with the path from `input` on. */
export interface InputProblem {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

const LONGEST_NAME = 50;
const LONGEST_DESCRIPTION = 500;
const LONGEST_URL = 2_000;
const MOST_REDIRECT_URIS = 10;

const rule = (
  isBroken: boolean,
  code: string,
  path: readonly (string | number)[],
  message: string,
): readonly InputProblem[] => (isBroken ? [{ code, message, path }] : []);

/** Code units first: counting the characters of a megabyte of text is work for nothing. */
const isLonger = (text: string, most: number): boolean =>
  text.length > most * 20 || lengthOf(text.trim()) > most;

/** People decide by it whether to trust the app, so it must read as it is. */
const nameProblems = (name: string): readonly InputProblem[] => [
  ...rule(name.trim() === '', 'NAME_EMPTY', ['name'], 'A name is needed.'),
  ...rule(
    isLonger(name, LONGEST_NAME),
    'NAME_TOO_LONG',
    ['name'],
    `A name has at most ${LONGEST_NAME} characters.`,
  ),
  ...rule(
    /[\t\n]/.test(name) || hasControlCharacters(name),
    'NAME_MALFORMED',
    ['name'],
    'A name is one line of visible characters.',
  ),
];

const descriptionProblems = (description: string): readonly InputProblem[] => [
  ...rule(
    description.trim() === '',
    'DESCRIPTION_EMPTY',
    ['description'],
    'Say what the app does; people read it before they agree.',
  ),
  ...rule(
    isLonger(description, LONGEST_DESCRIPTION),
    'DESCRIPTION_TOO_LONG',
    ['description'],
    `A description has at most ${LONGEST_DESCRIPTION} characters.`,
  ),
  ...rule(
    hasControlCharacters(description),
    'DESCRIPTION_MALFORMED',
    ['description'],
    'A description is made of visible characters.',
  ),
];

const isPage = (url: string): boolean =>
  URL.canParse(url) && (new URL(url).protocol === 'https:' || isLoopback(url));

const urlProblems = (url: string, field: string): readonly InputProblem[] => [
  ...rule(
    url.length > LONGEST_URL,
    'URL_TOO_LONG',
    [field],
    `An address has at most ${LONGEST_URL} characters.`,
  ),
  ...rule(
    url.length <= LONGEST_URL && !isPage(url),
    'URL_NOT_HTTPS',
    [field],
    'An address begins with `https://`.',
  ),
];

function redirectUriProblems(uris: readonly string[], kind: AppKind): readonly InputProblem[] {
  return [
    ...rule(
      uris.length === 0 && kind === 'PUBLIC',
      'REDIRECT_URI_MISSING',
      ['redirectUris'],
      'A public app acts for people only, so it needs an address to send them back to.',
    ),
    ...rule(
      uris.length > MOST_REDIRECT_URIS,
      'TOO_MANY_REDIRECT_URIS',
      ['redirectUris'],
      `An app has at most ${MOST_REDIRECT_URIS} addresses to come back to.`,
    ),
    ...uris.slice(0, MOST_REDIRECT_URIS).flatMap((uri, at) => {
      const problem = redirectUriProblem(uri, kind);
      return problem
        ? [{ code: 'REDIRECT_URI_INVALID', message: problem, path: ['redirectUris', at] }]
        : [];
    }),
  ];
}

/** Every rule a wish breaks; what is left out is not looked at. `isScope` tells what can be granted. */
export function wishProblems(
  wish: Partial<AppWish>,
  kind: AppKind,
  isScope: (name: string) => boolean,
): readonly InputProblem[] {
  const { name, description, homepageUrl, iconUrl, redirectUris, scopes = [] } = wish;
  return [
    ...(name === undefined ? [] : nameProblems(name)),
    ...(description === undefined ? [] : descriptionProblems(description)),
    ...(homepageUrl === undefined ? [] : urlProblems(homepageUrl, 'homepageUrl')),
    ...(iconUrl == null ? [] : urlProblems(iconUrl, 'iconUrl')),
    ...(redirectUris === undefined ? [] : redirectUriProblems(redirectUris, kind)),
    ...scopes.flatMap((scope, at) =>
      rule(!isScope(scope), 'UNKNOWN_SCOPE', ['scopes', at], 'There is no such scope.'),
    ),
  ];
}

/** The same wish, each thing once and without what nobody sees. */
export const tidied = <Wish extends Partial<AppWish>>(wish: Wish): Wish => ({
  ...wish,
  ...(wish.name === undefined ? {} : { name: wish.name.trim() }),
  ...(wish.description === undefined ? {} : { description: wish.description.trim() }),
  ...(wish.redirectUris === undefined ? {} : { redirectUris: [...new Set(wish.redirectUris)] }),
  ...(wish.scopes === undefined ? {} : { scopes: [...new Set(wish.scopes)] }),
});
