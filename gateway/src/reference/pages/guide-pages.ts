import { type Html, html } from '@vitrine/platform/html';
import {
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type { Annotation } from '../annotations.ts';
import { deprecated } from '../deprecated.ts';
import { type ErrorGroup, errorMeanings } from '../error-codes.ts';
import { coordinateLink, href } from '../markup/links.ts';
import { inline } from '../markup/prose.ts';
import type { Page } from '../page.ts';
import { alternatives, listSizeText, section, selfLink, table } from '../parts.ts';
import type { Reference } from '../reference.ts';

const groups: readonly (readonly [ErrorGroup, string])[] = [
  ['request', 'The request'],
  ['rights', 'Rights'],
  ['limits', 'Limits'],
  ['execution', 'Execution'],
  ['subscriptions', 'Streams and sockets'],
];

export function errorsPage(reference: Reference): Page {
  const codes = Object.entries(errorMeanings);
  const refusals = reference.types.filter(
    (type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'UserError'),
  );
  return {
    title: 'Errors',
    description: 'Every error code of the Vitrine graph, what it means and what to do.',
    body: html`<h1>Errors</h1>
    <p class="lead">What nobody expects is an error at the top of the answer, with <code>extensions.code</code>. What a client can handle, such as a product that has sold out, is data in <code>userErrors</code>. Codes never change; messages may.</p>
    ${groups.map(([group, title]) =>
      section(group, title, [
        html`<dl class="members">${codes
          .filter(([, meaning]) => meaning.group === group)
          .map(
            ([code, { meaning, remedy }]) =>
              html`<dt id="${code}"><code class="name">${code}</code>${selfLink(code)}</dt><dd><p>${inline(reference, meaning)} <em>${inline(reference, remedy)}</em></p></dd>`,
          )}</dl>`,
      ]),
    )}
    ${section(
      'refusals',
      'Refusals',
      [
        html`<p>Members of the <code>userErrors</code> of mutations. All implement ${coordinateLink(reference, 'UserError')}, so a client that needs no detail selects <code>... on UserError { code message }</code>.</p>`,
        table(
          ['Type', 'When', 'Code'],
          refusals.map((type) => [
            coordinateLink(reference, type.name),
            html`${inline(reference, type.description, type.name)}`,
            html`${codeOf(reference, type)}`,
          ]),
        ),
      ].slice(refusals.length === 0 ? 2 : 0),
    )}`,
  };
}

/** The codes a refusal may have: values of the enum it carries, or what its field says of itself. */
function codeOf(reference: Reference, type: GraphQLNamedType): Html[] {
  if (!isObjectType(type)) return [];
  const { refusal, code } = type.getFields();
  const codes = refusal && getNamedType(refusal.type);
  return codes && isEnumType(codes)
    ? [html`one of ${coordinateLink(reference, codes.name)}`]
    : inline(reference, code?.description, type.name);
}

interface Annotated {
  readonly coordinate: string;
  readonly annotation: Annotation;
}

const annotated = (
  { annotations, schema }: Reference,
  isWanted: (annotation: Annotation) => boolean,
): Annotated[] =>
  [...annotations]
    .filter(([coordinate, annotation]) => isWanted(annotation) && isThere(schema, coordinate))
    .map(([coordinate, annotation]) => ({ coordinate, annotation }));

/** An audience does not see everything that the composed graph speaks of. */
function isThere(schema: Reference['schema'], coordinate: string): boolean {
  const [typeName = '', member] = coordinate.replace(/\(.*$/, '').split('.');
  const type = schema.getType(typeName);
  if (!type || member === undefined) return Boolean(type);
  if (isEnumType(type)) return Boolean(type.getValue(member));
  return (
    (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) &&
    member in type.getFields()
  );
}

export function accessPage(reference: Reference): Page {
  const rows = annotated(
    reference,
    ({ needsSignIn, scopes, policies }) => needsSignIn || scopes.length + policies.length > 0,
  );
  const byScope = new Map<string, string[]>();
  for (const { coordinate, annotation } of rows) {
    for (const scope of annotation.scopes.flat()) {
      byScope.set(scope, [...(byScope.get(scope) ?? []), coordinate]);
    }
  }
  const scopes = [...byScope].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return {
    title: 'Access and scopes',
    description: 'Which fields of the Vitrine graph need a signed-in viewer, a scope or a role.',
    body: html`<h1>Access and scopes</h1>
    <p class="lead">A field without the rights it needs is <code>null</code>, and an error at its path says what is missing. It is not fetched at all; the rest of the answer is there.</p>
    <ul>
      <li><strong>signed in</strong>: a valid access token, else ${codeLink(reference, 'UNAUTHENTICATED')}.</li>
      <li><strong>scope</strong>: what an app was granted, else ${codeLink(reference, 'MISSING_SCOPE')}. People on the platform’s own clients have all scopes.</li>
      <li><strong>policy</strong>: for those of that role alone, else ${codeLink(reference, 'FORBIDDEN')}. <code>staff</code> is whoever works for a shop, <code>staff:manager</code> its owner and managers, <code>staff:owner</code> its owner, <code>creator</code> a creator: an app in their name has these roles too. <code>no-impersonation</code> is a person or an app they let, <code>shopper</code> a person or a guest with a token, <code>app</code> any app. <code>self</code> is the person alone, <code>operator</code> and its duties are the platform’s: neither is ever an app’s.</li>
      <li><strong>second-factor</strong>: a session that was opened with a one-time password, else ${codeLink(reference, 'SECOND_FACTOR_REQUIRED')}.</li>
      <li>Whose shop or order it is, is decided where the data is: what you may not see is as if it did not exist.</li>
    </ul>
    ${section(
      'scopes',
      'Scopes',
      scopes.map(
        ([
          scope,
          coordinates,
        ]) => html`<details class="scope" id="${scope}"><summary><code>${scope}</code> <span class="hint">${coordinates.length === 1 ? '1 field or type' : `${coordinates.length} fields and types`}</span></summary>
      <ul class="chips">${coordinates.map((coordinate) => html`<li>${coordinateLink(reference, coordinate)}</li>`)}</ul></details>`,
      ),
    )}
    ${section(
      'all',
      'Everything that needs something',
      rows.length === 0
        ? []
        : [
            table(
              ['Where', 'Needs'],
              rows.map(({ coordinate, annotation: { needsSignIn, scopes: needed, policies } }) => [
                coordinateLink(reference, coordinate),
                html`${needsSignIn && 'signed in '}${needed.length > 0 && html`scope ${alternatives(needed)} `}${policies.length > 0 && html`policy ${alternatives(policies)}`}`,
              ]),
            ),
          ],
    )}`,
  };
}

const codeLink = (reference: Reference, code: string): Html =>
  html`<a href="${href(reference, `/errors#${code}`)}"><code>${code}</code></a>`;

export function costPage(reference: Reference): Page {
  const rows = annotated(reference, ({ cost, listSize }) => cost !== null || listSize !== null);
  return {
    title: 'Cost and limits',
    description: 'What operations on the Vitrine graph cost, and how much an app may spend.',
    body: html`<h1>Cost and limits</h1>
    <p class="lead">An operation has a cost that is known before it runs. An object costs 1 and a scalar nothing, unless the graph gives another weight; a list costs its items as often as it may have them.</p>
    <ul>
      <li>How often: the page size you ask for, else the size that is assumed, else 10.</li>
      <li>Each answer says in <code>extensions.cost</code> what was <code>requested</code>, what it came to (<code>actual</code>), and what is left of your bucket (<code>throttle</code>).</li>
      <li>A bucket refills all the time. Too much at once is ${codeLink(reference, 'THROTTLED')} with <code>Retry-After</code>; too much in one operation is ${codeLink(reference, 'COST_TOO_HIGH')}.</li>
      <li>${coordinateLink(reference, 'Query.explainCost', 'explainCost')} tells what a document would cost, without executing it.</li>
    </ul>
    ${section(
      'weights',
      'Weights and list sizes',
      rows.length === 0
        ? []
        : [
            table(
              ['Where', 'Weight', 'List'],
              rows.map(({ coordinate, annotation: { cost, listSize } }) => [
                coordinateLink(reference, coordinate),
                html`${cost}`,
                html`${listSize && listSizeText(listSize)}`,
              ]),
            ),
          ],
    )}`,
  };
}

export function deprecationsPage(reference: Reference): Page {
  const rows = deprecated(reference.schema).map(({ coordinate, reason }) => [
    coordinateLink(reference, coordinate),
    html`${inline(reference, reason, coordinate.split('.')[0])}`,
  ]);
  return {
    title: 'Deprecations',
    description: 'What will be removed from the Vitrine graph, when, and what to use instead.',
    body: html`<h1>Deprecations</h1>
    <p class="lead">The graph evolves without versions. What is deprecated says what to use instead and until when it stays; it is removed after that day, and only when no client uses it any more or the changelog has announced it.</p>
    ${rows.length === 0 ? html`<p>Nothing is deprecated now.</p>` : table(['What', 'Instead, and until when'], rows)}`,
  };
}
