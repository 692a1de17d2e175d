import { type Html, html } from '@vitrine/platform/html';
import type { App } from '../apps/app.ts';
import type { PageContent } from '../pages/document.page.ts';

/** What a page of consent shows. Everything in it but scopes was written by somebody else. */
export interface ConsentView {
  readonly uid: string;
  readonly app: Pick<App, 'name' | 'description' | 'homepageUrl' | 'iconUrl'>;
  readonly developer: { readonly displayName: string; readonly handle: string } | null;
  /** Where the person is sent back to. */
  readonly returnsTo: string;
  readonly person: { readonly displayName: string; readonly email: string };
  /** What is asked for, in plain words. */
  readonly asks: readonly string[];
  /** What the app may do already and is not asked for now. */
  readonly has: readonly string[];
  /** The person's shops; `isChosen` by what they chose last. */
  readonly shops: readonly {
    readonly id: string;
    readonly name: string;
    readonly role: string;
    readonly isChosen: boolean;
  }[];
}

const list = (items: readonly string[]): Html =>
  html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;

const shopChoice = (shops: ConsentView['shops']): Html | false =>
  shops.length > 0 &&
  html`<fieldset>
<legend>In which of your shops?</legend>
<p>In a shop you leave out, the app sees and does nothing.</p>
${shops.map(
  ({ id, name, role, isChosen }) => html`<label class="choice">
<input type="checkbox" name="shop" value="${id}"${isChosen ? html` checked` : false}>
${name} <small>(${role.toLowerCase()})</small>
</label>`,
)}
</fieldset>`;

/** Who asks, for what, and the two answers: plain buttons of one form, none of them set before. */
export const consentPage = (view: ConsentView): PageContent => {
  const { app, developer, person } = view;
  return {
    title: `Allow ${app.name}?`,
    body: html`<section>
${app.iconUrl !== null && html`<img src="${app.iconUrl}" alt="" width="64" height="64">`}
<p><strong>${app.name}</strong>${developer && html` by ${developer.displayName} (@${developer.handle})`}
asks to act for you on Vitrine. It is not part of Vitrine.</p>
<p>${app.description}</p>
<p>Its website: <a href="${app.homepageUrl}" rel="noreferrer nofollow">${hostOf(app.homepageUrl)}</a></p>
</section>
<form method="post" action="/oauth/interaction/${view.uid}/consent">
<h2>It will be able to</h2>
${list(view.asks)}
${
  view.has.length > 0 &&
  html`<p>You allowed it before to do this as well, and it goes on:</p>${list(view.has)}`
}
${shopChoice(view.shops)}
<p>It can do this until you take it back. It never sees your password.</p>
<p class="answers">
<button type="submit" name="answer" value="allow">Allow</button>
<button type="submit" name="answer" value="deny">Deny</button>
</p>
</form>
<form method="post" action="/oauth/interaction/${view.uid}/switch">
<p><small>You are signed in as ${person.displayName} (${person.email}).
<button type="submit" class="link">Use another account</button></small></p>
</form>
<p><small>Afterwards you go back to ${view.returnsTo}.</small></p>`,
  };
};

const hostOf = (url: string): string => new URL(url).host;
