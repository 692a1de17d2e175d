import { type Html, html, joined } from '@vitrine/platform/html';
import {
  type GraphQLOutputType,
  getNamedType,
  isInputObjectType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { titles } from '../frame.ts';
import { coordinateLink, href, plural, typeLink } from '../markup/links.ts';
import { inline, prose, summary } from '../markup/prose.ts';
import type { Page } from '../page.ts';
import { deprecation, exampleBlock, inputs, marks, section, table } from '../parts.ts';
import type { Operation, Reference } from '../reference.ts';
import { members } from './type-page.ts';

/** A query, mutation or subscription: how it is called, what comes back, what may be refused. */
export function operationPage(reference: Reference, operation: Operation): Page {
  const { kind, field, coordinate, area } = operation;
  const [only] = field.args;
  const input = field.args.length === 1 && only ? getNamedType(only.type) : null;
  const result = getNamedType(field.type);
  return {
    title: `${field.name} ${kind}`,
    description: summary(field.description),
    body: html`<p class="crumbs"><a href="${href(reference, `/${plural[kind]}`)}">${titles[kind]}</a> · ${area}</p>
    <h1><code>${field.name}</code></h1>
    <p class="marks">${marks(reference, coordinate)}</p>
    ${deprecation(reference, field.deprecationReason)}
    <div class="lead">${prose(reference, field.description)}</div>
    ${signature(reference, operation)}
    ${section(
      'arguments',
      'Arguments',
      field.args.length === 0
        ? []
        : [inputs(reference, field.args, (name) => `${coordinate}(${name}:)`)],
    )}
    ${
      isInputObjectType(input) &&
      section('input', `Fields of ${input.name}`, [
        inputs(reference, Object.values(input.getFields()), (name) => `${input.name}.${name}`, {
          anchors: false,
        }),
      ])
    }
    ${section('returns', 'Returns', [
      html`<p>${typeLink(reference, field.type)}</p>`,
      ...prose(reference, result.description),
      ...(isObjectType(result) && result.name.endsWith('Payload')
        ? [members(reference, result, { anchors: false })]
        : []),
    ])}
    ${section('refusals', 'Refusals', refusals(reference, field.type))}
    ${section(
      'examples',
      'Examples',
      (reference.examplesOf.get(coordinate) ?? []).map((example) =>
        exampleBlock(reference, example),
      ),
    )}`,
  };
}

const signature = (reference: Reference, { field, kind }: Operation): Html =>
  html`<pre class="signature"><code><span class="t-keyword">${kind}</span> ${field.name}${
    field.args.length > 0 &&
    html`(${joined(
      field.args.map(({ name, type }) => html`${name}: ${typeLink(reference, type)}`),
      ', ',
    )})`
  }: ${typeLink(reference, field.type)}</code></pre>`;

/** The ways a mutation can say no, as members of its payload's union. */
function refusals(reference: Reference, type: GraphQLOutputType): Html[] {
  const payload = getNamedType(type);
  if (!isObjectType(payload)) return [];
  const errors = payload.getFields()['userErrors'];
  const union = errors && getNamedType(errors.type);
  if (!union || !isUnionType(union)) return [];
  const rows = union
    .getTypes()
    .map((member) => [
      coordinateLink(reference, member.name),
      html`${inline(reference, member.description)}`,
      html`${inline(reference, member.getFields()['code']?.description)}`,
    ]);
  return [
    html`<p>Expected refusals are data: they come in <code>userErrors</code>, and all problems of an input come at once. ${inline(reference, union.description)}</p>`,
    table(['Type', 'When', 'Code'], rows),
  ];
}
