import {
  type ConstDirectiveNode,
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql';
import type { Viewer } from '../viewer.ts';
import { holderOf } from './holders.ts';
import { refusalOf } from './refusal.ts';
import {
  type AnyOf,
  allOf,
  isNothing,
  type Lack,
  lackOf,
  nothing,
  type Requirement,
} from './requirements.ts';

type Field = GraphQLField<unknown, unknown>;
type Resolve = GraphQLFieldResolver<unknown, unknown>;

/**
 * Enforces the access directives of a subgraph where its data is, whatever the gateway has let
 * through: a field whose requirement does not hold is refused before its resolver is asked. It reads
 * the same directives as the gateway does, so both say the same; of which shop or order somebody is
 * the owner is left to use cases, which alone can tell. Changes the schema it is given.
 */
export function guarded(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const isSubscription = type === schema.getSubscriptionType();
    for (const field of Object.values(type.getFields())) {
      const requirement = requirementOf(type, field);
      if (isNothing(requirement)) continue;
      const check = checkOf(requirement);
      const { resolve = defaultFieldResolver, subscribe } = field;
      // Rights that change while a subscription runs end it; each event needs no look of its own.
      if (isSubscription && subscribe) field.subscribe = guardedBy(check, subscribe);
      else field.resolve = guardedBy(check, resolve);
    }
  }
  return schema;
}

/** What stands on a type goes for its fields. */
const requirementOf = (type: GraphQLObjectType, { astNode }: Field): Requirement =>
  allOf(
    [type.astNode, ...type.extensionASTNodes, astNode]
      .flatMap((node) => node?.directives ?? [])
      .map(stated),
  );

function stated(directive: ConstDirectiveNode): Requirement {
  switch (directive.name.value) {
    case 'authenticated':
      return { ...nothing, needsSignIn: true };
    case 'requiresScopes':
      return { ...nothing, scopes: [anyOf(directive, 'scopes')] };
    case 'policy':
      return { ...nothing, policies: [anyOf(directive, 'policies')] };
    default:
      return nothing;
  }
}

function anyOf({ arguments: given = [] }: ConstDirectiveNode, name: string): AnyOf {
  const value = given.find((argument) => argument.name.value === name)?.value;
  // The schema has checked it: a list of lists of names.
  return value ? (valueFromASTUntyped(value) as AnyOf) : [];
}

type Check = (viewer: Viewer | null) => void;

const guardedBy =
  (check: Check, resolve: Resolve): Resolve =>
  (parent, args, context, info) => {
    // Every context has the viewer; one that was made without is a guest's.
    check((context as { readonly viewer?: Viewer | null } | undefined)?.viewer ?? null);
    return resolve(parent, args, context, info);
  };

/** Found out once for a viewer: a page of orders asks the same a thousand times. */
function checkOf(requirement: Requirement): Check {
  const known = new WeakMap<Viewer, Lack | 'NOTHING'>();
  const lackOfGuest = lackOf(requirement, holderOf(null));
  return (viewer) => {
    const lack = viewer ? lackOfViewer(viewer) : lackOfGuest;
    if (lack) throw refusalOf(lack);
  };

  function lackOfViewer(viewer: Viewer): Lack | null {
    let lack = known.get(viewer);
    if (lack === undefined) {
      lack = lackOf(requirement, holderOf(viewer)) ?? 'NOTHING';
      known.set(viewer, lack);
    }
    return lack === 'NOTHING' ? null : lack;
  }
}
