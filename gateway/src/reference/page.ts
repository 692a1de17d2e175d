import type { Html } from '@vitrine/platform/html';

/** What one address shows; the frame around it is the same for all. */
export interface Page {
  /** Of the page alone, such as `placeOrder mutation`. */
  readonly title: string;
  /** One sentence, for search engines and previews. */
  readonly description: string;
  readonly body: Html;
}
