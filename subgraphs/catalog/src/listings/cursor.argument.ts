import type { Page } from '@vitrine/platform/pages';
import { GraphQLError } from 'graphql';

/**
 * Refuses a cursor whose values are not of the kinds that a list's own cursors hold, before they
 * reach the database as a filter it cannot cast.
 */
export function requireCursor(page: Page, kinds: readonly ('string' | 'number')[]): void {
  const { cursor } = page;
  if (cursor === null) return;
  const fits =
    cursor.length === kinds.length &&
    kinds.every((kind, at) => {
      const value = cursor[at];
      return typeof value === kind && (kind === 'string' || Number.isSafeInteger(value));
    });
  if (fits) return;
  throw new GraphQLError('This cursor was not given out by this list.', {
    extensions: { code: 'CURSOR_INVALID' },
  });
}
