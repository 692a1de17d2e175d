import {
  type Directive,
  type FieldDefinition,
  type InterfaceType,
  isInterfaceType,
  isObjectType,
  type NamedType,
  type ObjectType,
  type Schema,
  type Supergraph,
} from '@apollo/federation-internals';
import {
  type AnyOf,
  allOf,
  isNothing,
  nothing,
  type Requirement,
} from '@vitrine/platform/access/requirements';

/**
 * On whom the value of a field depends: on the very viewer (`@tag(name: "viewer")`), on roles and
 * memberships alone (`@tag(name: "rights")`), or on nobody.
 */
export type Dependence = 'viewer' | 'rights' | null;

/** What stands for one field. */
export interface Rule {
  /** The same object for equal requirements; null where nothing is required. */
  readonly requirement: Requirement | null;
  readonly dependence: Dependence;
}

/** Rules of every field that has any, by coordinate, such as `Viewer.email`. */
export type Rules = ReadonlyMap<string, Rule>;

/**
 * Reads the access directives and tags of a supergraph. What stands on a type goes for its fields,
 * its `__typename` and every field that returns it. A field selected on an interface asks for what
 * each implementation asks for, since any of them may be behind it; composition states the same,
 * and this does not rely on it.
 */
export function rulesOf({ schema }: Supergraph): Rules {
  const rules = new Map<string, Rule>();
  const known = new Map<string, Requirement>();
  const interned = (requirement: Requirement): Requirement | null => {
    if (isNothing(requirement)) return null;
    const text = JSON.stringify(requirement);
    const same = known.get(text) ?? requirement;
    known.set(text, same);
    return same;
  };
  for (const type of schema.types()) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    const behind = isInterfaceType(type) ? type.possibleRuntimeTypes() : [];
    const add = (name: string, stated: readonly Stated[]): void => {
      const requirement = interned(allOf(stated.map((one) => one.requirement)));
      const dependence = strongest(stated.map((one) => one.dependence));
      if (requirement || dependence) rules.set(`${type.name}.${name}`, { requirement, dependence });
    };
    const ofTypes = [type, ...behind].map((one) => statedOn(schema, one));
    add('__typename', ofTypes);
    for (const field of type.fields()) {
      add(field.name, [
        ...ofTypes,
        ...[field, ...sameFieldOf(behind, field)].flatMap((one) => statedOfField(schema, one)),
      ]);
    }
  }
  return rules;
}

type Member = ObjectType | InterfaceType;

const sameFieldOf = (
  types: readonly ObjectType[],
  { name }: FieldDefinition<Member>,
): readonly FieldDefinition<Member>[] =>
  types.flatMap((type) => {
    const field = type.field(name);
    return field ? [field] : [];
  });

const statedOfField = (schema: Schema, field: FieldDefinition<Member>): readonly Stated[] => {
  const returned = field.type && schema.type(baseName(field));
  return [statedOn(schema, field), ...(returned ? [statedOn(schema, returned)] : [])];
};

const baseName = ({ type }: FieldDefinition<Member>): string =>
  type ? type.toString().replaceAll(/[![\]]/g, '') : '';

interface Stated {
  readonly requirement: Requirement;
  readonly dependence: Dependence;
}

/** What directives say on one element. They are told by their specification, whatever their names. */
function statedOn(schema: Schema, element: NamedType | FieldDefinition<Member>): Stated {
  const requirements: Requirement[] = [];
  const dependences: Dependence[] = [];
  // Typed by the kind of element; only what all have in common is read.
  for (const directive of element.appliedDirectives as readonly Directive[]) {
    const feature = schema.coreFeatures?.sourceFeature(directive)?.feature.url.identity;
    // Which of them are there depends on the directive; each is looked for where its own is.
    const { scopes, policies, name } = directive.arguments() as DirectiveArguments;
    if (feature === `${SPECS}/authenticated`) {
      requirements.push({ ...nothing, needsSignIn: true });
    } else if (feature === `${SPECS}/requiresScopes`) {
      requirements.push({ ...nothing, scopes: [scopes ?? []] });
    } else if (feature === `${SPECS}/policy`) {
      requirements.push({ ...nothing, policies: [policies ?? []] });
    } else if (feature === `${SPECS}/tag` && (name === 'viewer' || name === 'rights')) {
      dependences.push(name);
    }
  }
  return { requirement: allOf(requirements), dependence: strongest(dependences) };
}

const SPECS = 'https://specs.apollo.dev';

/** Arguments of the directives read here; composition has checked their types. */
interface DirectiveArguments {
  readonly scopes?: AnyOf;
  readonly policies?: AnyOf;
  readonly name?: string;
}

export const strongest = (all: Iterable<Dependence>): Dependence => {
  let found: Dependence = null;
  for (const one of all) {
    if (one === 'viewer') return one;
    found ??= one;
  }
  return found;
};
