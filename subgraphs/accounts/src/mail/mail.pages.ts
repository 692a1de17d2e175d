import { html } from '@vitrine/platform/html';
import type { Services } from '@vitrine/platform/services';
import type { FastifyPluginAsync } from 'fastify';
import { documentOf } from '../pages/document.page.ts';
import { type MailRow, mailModel, toMail } from './mail.model.ts';
import { type Mail, NOBODY } from './mail.ts';

const LONGEST_LIST = 100;
const PATH = '/dev/mail';

/**
 * Mails for whoever develops: every one that would have been sent, with the links in it that open
 * accounts. So it exists only where no mail is sent, and never in production.
 */
export const mailPages =
  ({ db, env }: Services): FastifyPluginAsync =>
  async (app) => {
    if (env.NODE_ENV === 'production' || env.SMTP_URL !== undefined) return;
    const mails = mailModel(db);

    app.get<{ Querystring: { to?: unknown } }>(PATH, async ({ query, headers }, reply) => {
      const to = typeof query.to === 'string' ? query.to.trim().toLowerCase() : '';
      const rows = await mails
        .find({ to: to === '' ? { $ne: NOBODY } : to })
        .sort({ _id: -1 })
        .limit(LONGEST_LIST)
        .lean<MailRow[]>();
      const all = rows.map(toMail);
      if (wantsJson(headers.accept)) return all;
      return reply.type('text/html').send(documentOf({ title: 'Mail', body: listOf(all, to) }));
    });

    app.get<{ Params: { id: string } }>(`${PATH}/:id`, async ({ params, headers }, reply) => {
      const row = await mails.findOne({ _id: params.id }).lean<MailRow>();
      if (wantsJson(headers.accept)) {
        return row ? toMail(row) : reply.code(404).send({ message: 'There is no such mail.' });
      }
      const body = row ? oneOf(toMail(row)) : html`<p>There is no such mail.</p>`;
      return reply
        .code(row ? 200 : 404)
        .type('text/html')
        .send(documentOf({ title: row?.subject ?? 'Mail', body }));
    });
  };

const wantsJson = (accept: string | undefined): boolean =>
  accept?.includes('application/json') ?? false;

const listOf = (mails: readonly Mail[], to: string) => html`
<form method="get"><label>To <input name="to" type="search" value="${to}"></label><button>Show</button></form>
${mails.length === 0 && html`<p>No mail yet. Nothing is sent from here: mails are kept for a week and read on this page.</p>`}
<ul>${mails.map(
  ({ id, to: address, subject, createdAt }) =>
    html`<li><a href="${PATH}/${id}">${subject}</a><br><small>${address} · ${createdAt.toISOString()}</small></li>`,
)}</ul>`;

const oneOf = ({ to, text, createdAt }: Mail) => html`
<p><small>To ${to} · ${createdAt.toISOString()} · <a href="${PATH}">all mails</a></small></p>
<pre>${text
  .split(/(https?:\/\/\S+)/)
  .map((part, index) =>
    index % 2 === 1 ? html`<a href="${part}" rel="noreferrer">${part}</a>` : part,
  )}</pre>`;
