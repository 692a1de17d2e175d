import { documentOf, type Frame } from './frame.ts';
import { plural } from './markup/links.ts';
import type { Page } from './page.ts';
import { accessPage, costPage, deprecationsPage, errorsPage } from './pages/guide-pages.ts';
import { examplesPage, homePage, operationsPage, typesPage } from './pages/list-pages.ts';
import { operationPage } from './pages/operation-page.ts';
import { searchPage } from './pages/search-page.ts';
import { typePage } from './pages/type-page.ts';
import { webhooksPage } from './pages/webhooks-page.ts';
import { operationKinds, type Reference } from './reference.ts';
import { type Entry, searchEntries } from './search.ts';

/** The reference of one graph as documents. Each is made when it is first asked for, and kept. */
export interface Site {
  /** The document at a path such as `/type/Product`; null where there is none. */
  page(path: string): string | null;
  /** What was searched for is anybody's text and is not kept. */
  results(text: string): string;
  readonly entries: readonly Entry[];
}

const pages: Readonly<Record<string, (reference: Reference) => Page>> = {
  '/': homePage,
  '/types': typesPage,
  '/examples': examplesPage,
  '/errors': errorsPage,
  '/access': accessPage,
  '/cost': costPage,
  '/webhooks': webhooksPage,
  '/deprecations': deprecationsPage,
};

export function siteOf({ reference, audiences, assets }: Omit<Frame, 'path'>): Site {
  const kept = new Map<string, string>();
  let entries: Entry[] | undefined;
  const frame = (page: Page, path: string): string =>
    documentOf(page, { reference, audiences, assets, path });
  return {
    page(path) {
      const known = kept.get(path);
      if (known !== undefined) return known;
      const page = pageAt(reference, path);
      if (!page) return null;
      const made = frame(page, path);
      kept.set(path, made);
      return made;
    },
    results(text) {
      return frame(searchPage(this.entries, text), '/search');
    },
    get entries() {
      entries ??= searchEntries(reference);
      return entries;
    },
  };
}

/** Every path that has a page. */
export const pathsOf = ({ operations, types }: Reference): string[] => [
  ...Object.keys(pages),
  ...operationKinds
    .filter((kind) => operations.some((one) => one.kind === kind))
    .map((kind) => `/${plural[kind]}`),
  ...operations.map(({ kind, field }) => `/${kind}/${field.name}`),
  ...types.map(({ name }) => `/type/${name}`),
];

function pageAt(reference: Reference, path: string): Page | null {
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page) return page(reference);
  const kindOfList = operationKinds.find((kind) => path === `/${plural[kind]}`);
  if (kindOfList) return operationsPage(reference, kindOfList);
  const [, kind, name] = /^\/(\w+)\/(\w+)$/.exec(path) ?? [];
  if (kind === 'type') {
    const type = reference.types.find((one) => one.name === name);
    return type ? typePage(reference, type) : null;
  }
  const operation = reference.operations.find(
    (one) => one.kind === kind && one.field.name === name,
  );
  return operation ? operationPage(reference, operation) : null;
}
