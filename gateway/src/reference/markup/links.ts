import { type Html, html } from '@vitrine/platform/html';
import type { GraphQLType } from 'graphql';
import { isListType, isNonNullType } from 'graphql';
import { isInSchema } from '../../usage/report/usage-report.ts';
import { operationKinds, type Reference } from '../reference.ts';

export const ROOT = '/docs';

/** The address of a page, for the audience that is read about. */
export const href = ({ audience }: Pick<Reference, 'audience'>, path: string): string => {
  const [page = '', anchor] = path.split('#');
  const query = audience === null ? '' : `?audience=${audience}`;
  return `${ROOT}${page}${query}${anchor === undefined ? '' : `#${anchor}`}`;
};

/**
 * Where a schema coordinate is explained. These addresses are stable: `/docs/mutation/placeOrder`,
 * `/docs/type/Product#title`, `/docs/query/product#market`.
 */
export function pathOf({ schema }: Reference, coordinate: string): string | null {
  if (!isInSchema(schema, coordinate)) return null;
  const [, type = '', member, argument] =
    /^(\w+)(?:\.(\w+)(?:\((\w+):\))?)?$/.exec(coordinate) ?? [];
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const kind = operationKinds[roots.findIndex((root) => root?.name === type)];
  if (kind === undefined) {
    return member === undefined ? `/type/${type}` : `/type/${type}#${member}`;
  }
  if (member === undefined) return `/${plural[kind]}`;
  return argument === undefined ? `/${kind}/${member}` : `/${kind}/${member}#${argument}`;
}

export const plural = {
  query: 'queries',
  mutation: 'mutations',
  subscription: 'subscriptions',
} as const;

/** A coordinate as code, with its link where the graph has it. */
export function coordinateLink(reference: Reference, coordinate: string, text = coordinate): Html {
  const path = pathOf(reference, coordinate);
  return path === null
    ? html`<code>${text}</code>`
    : html`<a href="${href(reference, path)}"><code>${text}</code></a>`;
}

/** A type as GraphQL writes it, its name a link. */
export function typeLink(reference: Reference, type: GraphQLType): Html {
  if (isNonNullType(type)) return html`${typeLink(reference, type.ofType)}!`;
  if (isListType(type)) return html`[${typeLink(reference, type.ofType)}]`;
  const path = pathOf(reference, type.name);
  return path === null
    ? html`${type.name}`
    : html`<a href="${href(reference, path)}">${type.name}</a>`;
}
