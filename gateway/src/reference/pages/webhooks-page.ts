import { payloadSchemaOf, type Topic } from '@vitrine/events/topics/topic';
import { topics } from '@vitrine/events/topics/topics';
import { type Html, html } from '@vitrine/platform/html';
import { highlighted } from '../markup/highlight.ts';
import { coordinateLink, href } from '../markup/links.ts';
import type { Page } from '../page.ts';
import { section, selfLink, table } from '../parts.ts';
import type { Reference } from '../reference.ts';

const OCCURRED = '2026-03-01T12:00:00.000Z';

/** A whole message, as its body is signed. */
const messageOf = ({ name, version, example }: Topic): string =>
  JSON.stringify(
    {
      type: name,
      version,
      timestamp: OCCURRED,
      entity: { id: Object.values(example)[0], version: 1 },
      data: example,
    },
    null,
    2,
  );

const headers = [
  [
    'webhook-id',
    'The message’s id, the same on every attempt and replay: remember it, and a message that comes twice is worked once.',
  ],
  [
    'webhook-timestamp',
    'When this attempt was made, in seconds since 1970. Refuse what is older than five minutes.',
  ],
  [
    'webhook-signature',
    'One or, while a secret is rotated, two signatures by Standard Webhooks, such as <v1,…>, with a space between.',
  ],
] as const;

const topicSection = (reference: Reference, topic: Topic): Html =>
  html`<section><h3 id="${topic.name}"><code>${topic.name}</code>${selfLink(topic.name)}</h3>
  <p>${topic.description} Needs the scope <a href="${href(reference, '/access')}"><code>${topic.scope}</code></a>.</p>
  <pre><code>${highlighted(messageOf(topic))}</code></pre>
  <details><summary>Schema of <code>data</code></summary><pre><code>${highlighted(JSON.stringify(payloadSchemaOf(topic), null, 2))}</code></pre></details></section>`;

/** Every event that apps can be told of, from the very table that messages are made by. */
export function webhooksPage(reference: Reference): Page {
  return {
    title: 'Webhooks',
    description: 'Events that the Vitrine platform tells apps of, with their payloads.',
    body: html`<h1>Webhooks</h1>
    <p class="lead">An app subscribes to events by ${coordinateLink(reference, 'Mutation.createWebhook', 'createWebhook')} and is sent each as a signed message by POST. It is told what shops and people have let it see.</p>
    <ul>
      <li>Answer 2xx within ten seconds. Anything else is tried again for about a day, with growing pauses; redirects are not followed.</li>
      <li>At least once: a message may come twice, under the same id. Messages of one entity come in order; <code>entity.version</code> rises.</li>
      <li><code>Retry-After</code> with 429 or 503 is kept to. 410 pauses the webhook, and so do three days without a success.</li>
      <li>${coordinateLink(reference, 'Webhook.deliveries', 'deliveries')} is the log of 30 days; what is in it can be sent again by ${coordinateLink(reference, 'Mutation.replayWebhookDeliveries', 'replayWebhookDeliveries')}.</li>
    </ul>
    ${section('headers', 'Headers', [
      table(
        ['Header', 'What it is'],
        headers.map(([name, text]) => [html`<code>${name}</code>`, html`${text}`]),
      ),
      html`<p>Verify with a library of <a href="https://www.standardwebhooks.com">Standard Webhooks</a>, by the raw body and the secret that begins with <code>whsec_</code>.</p>`,
    ])}
    ${section(
      'topics',
      'Topics',
      topics.map((topic) => topicSection(reference, topic)),
    )}`,
  };
}
