import { type Html, html } from '@vitrine/platform/html';
import { type GraphQLNamedType, isSpecifiedScalarType } from 'graphql';
import { byArea, titles } from '../frame.ts';
import { coordinateLink, href, plural } from '../markup/links.ts';
import { inline, summary } from '../markup/prose.ts';
import type { Page } from '../page.ts';
import { exampleBlock, marks } from '../parts.ts';
import { type OperationKind, operationKinds, type Reference } from '../reference.ts';
import { kindOf } from './type-page.ts';

const intros: Readonly<Record<OperationKind, string>> = {
  query:
    'Reads. Nothing changes, and all fields of one query are fetched as far as possible at once.',
  mutation:
    'One per business action. What is refused for a reason you can handle comes as data in `userErrors`.',
  subscription: 'Streams over WebSocket (`graphql-transport-ws`) or server-sent events.',
};

export function operationsPage(reference: Reference, kind: OperationKind): Page {
  const own = reference.operations.filter((operation) => operation.kind === kind);
  return {
    title: titles[kind],
    description: `${own.length} ${titles[kind].toLowerCase()} of the Vitrine graph.`,
    body: html`<h1>${titles[kind]}</h1><p class="lead">${inline(reference, intros[kind])}</p>
    ${byArea(own).map(
      ([area, operations]) =>
        html`<section><h2 id="${area}">${area}</h2><ul class="entries">${operations.map(
          ({ field, coordinate }) =>
            html`<li><a href="${href(reference, `/${kind}/${field.name}`)}"><code>${field.name}</code></a>${marks(reference, coordinate)}<p>${inline(reference, summary(field.description))}</p></li>`,
        )}</ul></section>`,
    )}`,
  };
}

const kindTitles: readonly (readonly [string, string])[] = [
  ['type', 'Objects'],
  ['interface', 'Interfaces'],
  ['union', 'Unions'],
  ['enum', 'Enums'],
  ['input', 'Inputs'],
  ['scalar', 'Scalars'],
];

export function typesPage(reference: Reference): Page {
  const entry = (type: GraphQLNamedType): Html =>
    html`<li>${coordinateLink(reference, type.name)}<p>${inline(reference, summary(type.description))}</p></li>`;
  return {
    title: 'All types',
    description: `${reference.types.length} types of the Vitrine graph.`,
    body: html`<h1>All types</h1>${kindTitles.map(([kind, title]) => {
      const types = reference.types.filter(
        (type) => kindOf(type) === kind && !isSpecifiedScalarType(type),
      );
      return (
        types.length > 0 &&
        html`<section><h2 id="${kind}">${title}</h2><ul class="entries">${types.map(entry)}</ul></section>`
      );
    })}`,
  };
}

export const examplesPage = (reference: Reference): Page => ({
  title: 'Examples',
  description: 'Operations that are executed against the whole platform by its tests.',
  body: html`<h1>Examples</h1>
  <p class="lead">Each of these is executed against the whole platform by its tests, so it works as it stands. An id that ends in … stands for one of your own.</p>
  ${reference.examples.map((example) => exampleBlock(reference, example))}`,
});

const FIRST_REQUEST = `curl -s http://localhost:4000/graphql \\
  -H 'content-type: application/json' \\
  -d '{ "query": "{ markets { code currencyCode } }" }'`;

export function homePage(reference: Reference): Page {
  const count = (kind: OperationKind) =>
    reference.operations.filter((operation) => operation.kind === kind).length;
  const card = (to: string, title: string, text: string): Html =>
    html`<li><a href="${href(reference, to)}"><strong>${title}</strong><span>${text}</span></a></li>`;
  return {
    title: 'Vitrine graph reference',
    description: 'Types, operations, errors, access and cost of the Vitrine social-commerce graph.',
    body: html`<h1>The Vitrine graph</h1>
    <p class="lead">Social commerce as one graph: live rooms and videos as the shop window, products, carts, orders, stock, commissions and recommendations behind it.${reference.audience !== null && html` You are reading what is for <strong>${reference.audience}</strong> apps, served at <code>/graphql/${reference.audience}</code>.`}</p>
    <ul class="cards">
      ${operationKinds.map((kind) => count(kind) > 0 && card(`/${plural[kind]}`, titles[kind], `${count(kind)} of them, by area`))}
      ${card('/types', 'Types', `${reference.types.length}, all described`)}
      ${card('/examples', 'Examples', `${reference.examples.length}, executed by tests`)}
      ${card('/errors', 'Errors', 'Every code, and what to do')}
      ${card('/access', 'Access and scopes', 'Who may see what')}
      ${card('/cost', 'Cost and limits', 'What an operation costs')}
      ${card('/webhooks', 'Webhooks', 'Events that apps are told of')}
      ${card('/deprecations', 'Deprecations', 'What goes, and when')}
    </ul>
    <section><h2 id="begin">Begin</h2>
    <p>Send operations as JSON to <code>/graphql</code> by POST. Queries need no token as long as they ask for what everybody may see.</p>
    <pre><code>${FIRST_REQUEST}</code></pre>
    <p>Sign in with ${coordinateLink(reference, 'Mutation.signIn', 'signIn')}, and send its token as <code>authorization: Bearer …</code>; over WebSocket in <code>connectionParams</code>. Name your client by the headers <code>apollographql-client-name</code> and <code>apollographql-client-version</code>: nothing is removed from the graph while a client that has a name uses it.</p></section>
    <section><h2 id="conventions">Conventions</h2><ul>
      <li>Ids are opaque and global; ${coordinateLink(reference, 'Query.node', 'node')} finds any object by its id.</li>
      <li>Lists are connections: <code>first</code> or <code>last</code>, at most 100; more is an error, not a silent cut.</li>
      <li>Money is a decimal text with its currency, never a float. Times are RFC 3339 in UTC and end in <code>At</code>.</li>
      <li>Refusals you can handle are data in <code>userErrors</code>; everything else is in the <a href="${href(reference, '/errors')}">top-level errors</a>.</li>
      <li>A field that another service contributes is nullable: one service that is away costs its own fields only.</li>
      <li>Writes that move money, stock or messages take an <code>idempotencyKey</code>: the same key is the same intent.</li>
    </ul></section>`,
  };
}
