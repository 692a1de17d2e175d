import { html } from '@vitrine/platform/html';
import type { PageContent } from '../pages/document.page.ts';

export interface SignInView {
  readonly uid: string;
  readonly appName: string;
  /** What was typed before, so that it need not be typed again. */
  readonly email: string;
  readonly problem: string | null;
  /** The password was right; the one-time password is what is missing. */
  readonly needsOneTimePassword: boolean;
}

/** Asks who somebody is. It works without scripts, and password managers know its fields. */
export const signInPage = (view: SignInView): PageContent => ({
  title: 'Sign in to Vitrine',
  body: html`<p>to decide about <strong>${view.appName}</strong>, which asks to act for you. It does not see what you type here.</p>
${view.problem !== null && html`<p class="problem" role="alert" id="problem">${view.problem}</p>`}
<form method="post" action="/oauth/interaction/${view.uid}/sign-in">
<label>E-mail address
<input name="email" type="email" autocomplete="username" required value="${view.email}"${
    view.email === '' ? html` autofocus` : false
  }></label>
<label>Password
<input name="password" type="password" autocomplete="current-password" required${
    view.email !== '' ? html` autofocus` : false
  }></label>
<label>One-time password, or a recovery code${
    view.needsOneTimePassword ? false : html` <small>(if you have set it up)</small>`
  }
<input name="oneTimePassword" autocomplete="one-time-code"${
    view.needsOneTimePassword ? html` required` : false
  }></label>
<p class="answers"><button type="submit">Sign in</button></p>
</form>
<form method="post" action="/oauth/interaction/${view.uid}/cancel">
<p><button type="submit" class="link">Cancel and go back</button></p>
</form>`,
});
