import { type Html, html, joined } from '@vitrine/platform/html';
import type { GraphQLArgument, GraphQLInputField } from 'graphql';
import { astFromValue, print } from 'graphql';
import type { Example } from '../examples.ts';
import { type Annotation, annotationOf } from './annotations.ts';
import { highlighted } from './markup/highlight.ts';
import { href, typeLink } from './markup/links.ts';
import { inline, prose } from './markup/prose.ts';
import type { Reference } from './reference.ts';

/** Small marks beside a name: who may, what it costs. Each links to its explanation. */
export function marks(reference: Reference, coordinate: string): Html[] {
  const { needsSignIn, scopes, policies, cost, listSize } = annotationOf(
    reference.annotations,
    coordinate,
  );
  const mark = (kind: string, to: string, content: Html): Html =>
    html` <a class="mark ${kind}" href="${href(reference, to)}">${content}</a>`;
  return [
    ...(needsSignIn ? [mark('access', '/access', html`signed in`)] : []),
    ...(scopes.length > 0 ? [mark('access', '/access', html`scope ${alternatives(scopes)}`)] : []),
    ...(policies.length > 0
      ? [mark('access', '/access', html`policy ${alternatives(policies)}`)]
      : []),
    ...(cost === null ? [] : [mark('cost', '/cost', html`cost ${cost}`)]),
    ...(listSize ? [mark('cost', '/cost', html`${listSizeText(listSize)}`)] : []),
  ];
}

/** `a and b, or c`. */
export const alternatives = (lists: readonly (readonly string[])[]): Html[] =>
  joined(
    lists.map(
      (names) =>
        html`${joined(
          names.map((name) => html`<code>${name}</code>`),
          ' and ',
        )}`,
    ),
    ', or ',
  );

export const listSizeText = ({
  assumedSize,
  slicingArguments,
}: NonNullable<Annotation['listSize']>): string =>
  slicingArguments.length > 0
    ? `× ${slicingArguments.join(' or ')}${assumedSize === null ? '' : `, else ${assumedSize}`}`
    : `× ${assumedSize ?? 10}`;

/** Why something should no longer be used. */
export const deprecation = (
  reference: Reference,
  reason: string | null | undefined,
  owner?: string,
): Html | null =>
  reason
    ? html`<p class="deprecated"><strong>Deprecated.</strong> ${inline(reference, reason, owner)}</p>`
    : null;

/** Arguments or fields of an input, one entry each, with an anchor of its own name. */
export const inputs = (
  reference: Reference,
  list: readonly (GraphQLArgument | GraphQLInputField)[],
  coordinateOf: (name: string) => string,
  { anchors = true }: { readonly anchors?: boolean } = {},
): Html =>
  html`<dl class="members">${list.map((one) => {
    const coordinate = coordinateOf(one.name);
    return html`<dt${anchors && html` id="${one.name}"`}><code class="name">${one.name}</code><span class="type">: ${typeLink(reference, one.type)}${defaultOf(one)}</span>${marks(reference, coordinate)}${anchors && selfLink(one.name)}</dt>
    <dd>${deprecation(reference, one.deprecationReason)}${prose(reference, one.description, coordinate.split('.')[0])}</dd>`;
  })}</dl>`;

export const selfLink = (anchor: string): Html =>
  html`<a class="self" href="#${anchor}" aria-label="Link to ${anchor}">#</a>`;

function defaultOf({ defaultValue, type }: GraphQLArgument | GraphQLInputField): Html | null {
  const node = defaultValue === undefined ? null : astFromValue(defaultValue, type);
  return node ? html` = <code>${print(node)}</code>` : null;
}

const roleTexts: Readonly<Record<Example['role'], string>> = {
  guest: 'Anybody may send it.',
  buyer: 'Sent with the token of somebody who is signed in.',
  host: 'Sent with the token of the room’s host.',
  owner: 'Sent with the token of the shop’s owner.',
  creator: 'Sent with the token of a creator.',
  operator: 'Sent with the token of an operator.',
};

/** One example, ready to be copied. */
export const exampleBlock = (
  reference: Reference,
  { slug, name, text, role, query, variables }: Example,
): Html => html`<section class="example">
  <h3 id="example-${slug}">${name}${selfLink(`example-${slug}`)}</h3>
  ${prose(reference, text)}
  <p class="hint">${roleTexts[role]} <a href="/?example=${slug}">Open in GraphiQL</a></p>
  <pre><code>${highlighted(query.replace(/^(#.*\n)+/, ''))}</code></pre>
  ${variables !== undefined && html`<p class="hint">Variables</p><pre><code>${JSON.stringify(JSON.parse(variables), null, 2)}</code></pre>`}
</section>`;

/** A heading and what stands under it, or nothing where there is nothing. Plain anchors belong to the graph. */
export const section = (id: string, title: string, content: readonly Html[]): Html | null =>
  content.length === 0
    ? null
    : html`<section><h2 id="about-${id}">${title}${selfLink(`about-${id}`)}</h2>${content}</section>`;

export const table = (head: readonly string[], rows: readonly (readonly Html[])[]): Html =>
  html`<div class="scroll"><table><thead><tr>${head.map((cell) => html`<th>${cell}</th>`)}</tr></thead>
  <tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
