export type ReasonKind =
  | 'BECAUSE_YOU_VIEWED'
  | 'BECAUSE_YOU_BOUGHT'
  | 'VIEWED_TOGETHER'
  | 'BOUGHT_TOGETHER'
  | 'POPULAR_IN_CATEGORY'
  | 'TRENDING'
  | 'NEW_ARRIVAL';

/** A product to suggest, and what it follows from. */
export interface Suggestion {
  readonly productId: string;
  readonly kind: ReasonKind;
  /** The product it follows from, where there is one. */
  readonly becauseId: string | null;
}

/** A suggestion while it is being ranked. */
export interface Candidate extends Suggestion {
  readonly score: number;
  readonly category: string | null;
}

type Phrases = Record<ReasonKind, (title: string | null) => string>;

const english: Phrases = {
  BECAUSE_YOU_VIEWED: (title) =>
    title ? `Because you viewed ${title}` : 'Because of what you viewed',
  BECAUSE_YOU_BOUGHT: (title) =>
    title ? `Because you bought ${title}` : 'Because of what you bought',
  VIEWED_TOGETHER: (title) => (title ? `Viewed together with ${title}` : 'Viewed together'),
  BOUGHT_TOGETHER: (title) => (title ? `Bought together with ${title}` : 'Bought together'),
  POPULAR_IN_CATEGORY: () => 'Popular in its category',
  TRENDING: () => 'Trending now',
  NEW_ARRIVAL: () => 'New here',
};

/** By primary language; a language is spoken whole or not at all. */
const spoken: Readonly<Record<string, Phrases>> = {
  en: english,
  de: {
    BECAUSE_YOU_VIEWED: (title) =>
      title ? `Weil du ${title} angesehen hast` : 'Weil du Ähnliches angesehen hast',
    BECAUSE_YOU_BOUGHT: (title) =>
      title ? `Weil du ${title} gekauft hast` : 'Weil du Ähnliches gekauft hast',
    VIEWED_TOGETHER: (title) =>
      title ? `Wird zusammen mit ${title} angesehen` : 'Wird zusammen angesehen',
    BOUGHT_TOGETHER: (title) =>
      title ? `Wird zusammen mit ${title} gekauft` : 'Wird zusammen gekauft',
    POPULAR_IN_CATEGORY: () => 'Beliebt in seiner Kategorie',
    TRENDING: () => 'Gerade gefragt',
    NEW_ARRIVAL: () => 'Neu hier',
  },
  id: {
    BECAUSE_YOU_VIEWED: (title) =>
      title ? `Karena Anda melihat ${title}` : 'Karena yang Anda lihat',
    BECAUSE_YOU_BOUGHT: (title) =>
      title ? `Karena Anda membeli ${title}` : 'Karena yang Anda beli',
    VIEWED_TOGETHER: (title) => (title ? `Dilihat bersama ${title}` : 'Dilihat bersama'),
    BOUGHT_TOGETHER: (title) => (title ? `Dibeli bersama ${title}` : 'Dibeli bersama'),
    POPULAR_IN_CATEGORY: () => 'Populer di kategorinya',
    TRENDING: () => 'Sedang tren',
    NEW_ARRIVAL: () => 'Baru di sini',
  },
};

/** The reason for people, in the first of their languages that is spoken here, else in English. */
export function reasonText(
  kind: ReasonKind,
  becauseTitle: string | null,
  languages: readonly string[],
): string {
  const primary = languages.map((tag) => tag.toLowerCase().split('-')[0] ?? tag);
  const phrases = primary.map((language) => spoken[language]).find((known) => known !== undefined);
  return (phrases ?? english)[kind](becauseTitle);
}
