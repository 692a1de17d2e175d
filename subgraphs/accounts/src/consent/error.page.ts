import { html } from '@vitrine/platform/html';
import type { PageContent } from '../pages/document.page.ts';

/** What each problem means to the person who meets it; the developer is told by the code. */
const meanings: Readonly<Record<string, string>> = {
  invalid_client: 'There is no such app, or it has been taken away.',
  invalid_redirect_uri:
    'The app wants you sent to an address that it has not registered, so you were not sent there.',
  session_not_found:
    'This page is too old, or was opened in another browser. Begin again in the app.',
  SessionNotFound:
    'This page is too old, or was opened in another browser. Begin again in the app.',
};

/** For what is told to nobody but the person: the app cannot be, or must not be, sent anything. */
export const errorPage = ({
  code,
  detail,
}: {
  readonly code: string;
  readonly detail: string;
}): PageContent => ({
  title: 'This did not work',
  body: html`<p>${meanings[code] ?? 'The app asked for something that cannot be done.'}</p>
<p>Nothing was granted. You can close this page.</p>
<p><small>For the app’s developer: <code>${code}</code>${detail !== '' && html` — ${detail}`}</small></p>`,
});
