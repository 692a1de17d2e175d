import { type Html, html, joined } from '@vitrine/platform/html';
import {
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';
import { annotationOf } from '../annotations.ts';
import { coordinateLink, href, typeLink } from '../markup/links.ts';
import { prose, summary } from '../markup/prose.ts';
import type { Page } from '../page.ts';
import { deprecation, exampleBlock, inputs, marks, section, selfLink } from '../parts.ts';
import type { Reference } from '../reference.ts';

const MAX_USES = 60;
const MAX_EXAMPLES = 3;

export function kindOf(type: GraphQLNamedType): string {
  if (isObjectType(type)) return 'type';
  if (isInterfaceType(type)) return 'interface';
  if (isUnionType(type)) return 'union';
  if (isEnumType(type)) return 'enum';
  if (isInputObjectType(type)) return 'input';
  return 'scalar';
}

/** A type with all it has, what it belongs to, and where it is used. */
export function typePage(reference: Reference, type: GraphQLNamedType): Page {
  const { graphs } = annotationOf(reference.annotations, type.name);
  const uses = reference.usedBy.get(type.name) ?? [];
  return {
    title: `${type.name} ${kindOf(type)}`,
    description: summary(type.description),
    body: html`<p class="crumbs"><a href="${href(reference, '/types')}">Types</a> · ${kindOf(type)}${
      graphs.length > 0 &&
      html` · ${joined(
        graphs.map((graph) => html`${graph}`),
        ', ',
      )}`
    }</p>
    <h1><code>${type.name}</code></h1>
    <p class="marks">${marks(reference, type.name)}</p>
    <div class="lead">${prose(reference, type.description, type.name)}</div>
    ${relatives(reference, type)}
    ${content(reference, type)}
    ${section(
      'used-by',
      'Used by',
      [
        html`<ul class="chips">${uses
          .slice(0, MAX_USES)
          .map(
            (coordinate) => html`<li>${coordinateLink(reference, coordinate)}</li>`,
          )}${uses.length > MAX_USES && html`<li>and ${uses.length - MAX_USES} more</li>`}</ul>`,
      ].slice(uses.length === 0 ? 1 : 0),
    )}
    ${section(
      'examples',
      'Examples',
      (reference.examplesOf.get(type.name) ?? [])
        .slice(0, MAX_EXAMPLES)
        .map((example) => exampleBlock(reference, example)),
    )}`,
  };
}

function relatives(reference: Reference, type: GraphQLNamedType): Html[] {
  const line = (text: string, types: readonly GraphQLNamedType[]): Html[] =>
    types.length === 0
      ? []
      : [
          html`<p class="relatives">${text} ${joined(
            types.map((one) => typeLink(reference, one)),
            ', ',
          )}.</p>`,
        ];
  return [
    ...(isObjectType(type) || isInterfaceType(type)
      ? line('Implements', type.getInterfaces())
      : []),
    ...(isAbstractType(type) ? line('Can be', reference.schema.getPossibleTypes(type)) : []),
  ];
}

function content(reference: Reference, type: GraphQLNamedType): Html | null {
  if (isObjectType(type) || isInterfaceType(type)) {
    return section('fields', 'Fields', [members(reference, type)]);
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    return section('fields', 'Fields', [
      inputs(reference, fields, (name) => `${type.name}.${name}`),
    ]);
  }
  if (isEnumType(type)) {
    return section('values', 'Values', [
      html`<dl class="members">${type.getValues().map(
        (
          value,
        ) => html`<dt id="${value.name}"><code class="name">${value.name}</code>${selfLink(value.name)}</dt>
        <dd>${deprecation(reference, value.deprecationReason, type.name)}${prose(reference, value.description, type.name)}</dd>`,
      )}</dl>`,
    ]);
  }
  return isScalarType(type) && type.specifiedByURL
    ? html`<p>Specified by <a href="${type.specifiedByURL}">${type.specifiedByURL}</a>.</p>`
    : null;
}

/** Fields of an object or interface, with their arguments. */
export const members = (
  reference: Reference,
  type: GraphQLObjectType | GraphQLInterfaceType,
  { anchors = true }: { readonly anchors?: boolean } = {},
): Html =>
  html`<dl class="members">${Object.values(type.getFields()).map((field) => {
    const coordinate = `${type.name}.${field.name}`;
    return html`<dt${anchors && html` id="${field.name}"`}><code class="name">${field.name}</code><span class="type">: ${typeLink(reference, field.type)}</span>${marks(reference, coordinate)}${anchors && selfLink(field.name)}</dt>
    <dd>${deprecation(reference, field.deprecationReason, type.name)}${prose(reference, field.description, type.name)}${
      field.args.length > 0 &&
      html`<details class="arguments"><summary>${field.args.length === 1 ? '1 argument' : `${field.args.length} arguments`}: <code>${field.args.map(({ name }) => name).join(', ')}</code></summary>${inputs(
        reference,
        field.args,
        (name) => `${coordinate}(${name}:)`,
        { anchors: false },
      )}</details>`
    }</dd>`;
  })}</dl>`;
