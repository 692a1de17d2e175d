import { actingAs } from '@vitrine/platform/acting';
import { type Html, html } from '@vitrine/platform/html';
import type { Services } from '@vitrine/platform/services';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { openIdentity } from '../identity.ts';
import { membershipStore } from '../memberships/membership.store.ts';
import { documentOf } from '../pages/document.page.ts';
import { clientOf, type Form, formOf } from '../pages/safe.pages.ts';
import type { InputProblem } from '../people/person-input.ts';
import type { TooManyAttempts } from '../throttling/attempts.ts';
import type { VerificationRefusal } from './proof.ts';

type Refusal =
  | VerificationRefusal
  | TooManyAttempts
  | { readonly problems: readonly InputProblem[] };

/** What a form did: the page that says so, or why it is shown again. */
type Result = { readonly done: string } | { readonly refusal: Refusal };

interface FormPage {
  readonly path: string;
  readonly title: string;
  /** What is typed in beside the token; which token it is stands in the address or is typed as well. */
  readonly fields: (form: Form) => Html;
  readonly button: string;
  /** An answer to a link alone would do something by itself, as programs do that look at mails. */
  readonly submit: (form: Form, request: FastifyRequest) => Promise<Result>;
}

/**
 * Where mails lead to. A page does nothing before its form is posted, needs no script, and knows
 * nobody: what a form may do is proven by the token in it, so there is nothing to be ridden on.
 */
export const accountPages =
  (services: Services): FastifyPluginAsync =>
  async (app) => {
    const memberships = membershipStore(services);
    const identity = openIdentity(services, {
      membershipsOf: (userId) => memberships.findByUsers([userId]),
    });
    for (const page of pagesOf(identity)) {
      app.get<{ Querystring: { token?: unknown } }>(page.path, async ({ query }, reply) => {
        const token = typeof query.token === 'string' ? query.token : '';
        return send(reply, 200, page.title, formBody(page, { token }, null));
      });
      app.post(page.path, async (request, reply) => {
        const form = formOf(request);
        const scope = { viewer: null, requestId: request.id, origin: clientOf(request) };
        const result = await actingAs({ scope }, () => page.submit(form, request));
        if ('done' in result) return send(reply, 200, page.title, html`<p>${result.done}</p>`);
        const { refusal } = result;
        const isTooMany = typeof refusal === 'object' && 'retryAfterSeconds' in refusal;
        if (isTooMany) void reply.header('retry-after', refusal.retryAfterSeconds);
        return send(reply, isTooMany ? 429 : 422, page.title, formBody(page, form, refusal));
      });
    }
  };

const send = (reply: FastifyReply, code: number, title: string, body: Html) =>
  reply.code(code).type('text/html; charset=utf-8').send(documentOf({ title, body }));

const pagesOf = (identity: ReturnType<typeof openIdentity>): readonly FormPage[] => [
  {
    path: '/account/verify',
    title: 'Confirm your address',
    fields: () => html``,
    button: 'Confirm',
    async submit({ token = '' }, request) {
      const outcome = await identity.confirmSignUp(token, clientOf(request));
      return outcome.ok
        ? { done: 'Your address is confirmed and your account is there. You can sign in now.' }
        : outcome;
    },
  },
  {
    path: '/account/reset',
    title: 'A new password',
    fields: ({ token }) =>
      token === ''
        ? html`<p>Or leave the code empty, and have one sent to you:</p>
<label>E-mail address <input name="email" type="email" autocomplete="email"></label>
<label>New password <input name="password" type="password" autocomplete="new-password" minlength="8" maxlength="128"></label>`
        : html`<label>New password <input name="password" type="password" autocomplete="new-password" required minlength="8" maxlength="128"></label>`,
    button: 'Go on',
    async submit({ token = '', password = '', email = '' }, request) {
      if (token === '' && email !== '') {
        const asked = await identity.requestPasswordReset(email, clientOf(request));
        return asked.ok
          ? { done: 'If this address has an account, a mail is on its way to it.' }
          : asked;
      }
      const outcome = await identity.resetPassword({ token, password }, clientOf(request));
      return outcome.ok
        ? { done: 'Your password is changed and all sessions have ended. You can sign in now.' }
        : outcome;
    },
  },
  {
    path: '/account/verify-change',
    title: 'Confirm your new address',
    fields: () =>
      html`<label>Your password <input name="password" type="password" autocomplete="current-password" required></label>`,
    button: 'Confirm',
    async submit({ token = '', password = '' }, request) {
      const outcome = await identity.confirmEmailChange(
        { token, by: { password } },
        clientOf(request),
      );
      return outcome.ok ? { done: 'Your account has this address from now on.' } : outcome;
    },
  },
];

const formBody = (
  { path, fields, button }: FormPage,
  form: Form,
  refusal: Refusal | null,
): Html => {
  const { token = '' } = form;
  return html`${refusal && html`<p class="problem" role="alert">${reasonOf(refusal)}</p>`}
<form method="post" action="${path}">
${
  token === ''
    ? html`<label>Code from the mail <input name="token" autocomplete="one-time-code" spellcheck="false"></label>`
    : html`<input name="token" type="hidden" value="${token}">`
}
${fields({ ...form, token })}
<button>${button}</button>
</form>`;
};

function reasonOf(refusal: Refusal): string {
  if (refusal === 'TOKEN_NOT_VALID') {
    return 'This code is not valid any more: it was used, has expired, or is for something else. Ask for another mail.';
  }
  if (refusal === 'PASSWORD_WRONG') return 'This is not the password of the account.';
  if ('retryAfterSeconds' in refusal) {
    return `Too many attempts; try again in ${refusal.retryAfterSeconds} seconds.`;
  }
  return refusal.problems.map(({ message }) => message).join(' ');
}
