import { readFileSync } from 'node:fs';
import { pruneSchema } from '@graphql-tools/utils';
import { openEngine } from '@vitrine/gateway/execution/engine';
import { loadGraph } from '@vitrine/gateway/execution/graph';
import { operationReader } from '@vitrine/gateway/execution/operations';
import { openPlans } from '@vitrine/gateway/execution/plans';
import { type SubgraphSource, sourceOf } from '@vitrine/gateway/execution/source';
import { openLogger } from '@vitrine/platform/logger';
import {
  buildSchema,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { contractNames, contractOf } from './contracts.ts';
import { undescribed } from './descriptions.ts';

const committed = (path: string): string =>
  readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

const graphs = new Map(
  contractNames.map((name) => [name, loadGraph(committed(`contracts/${name}.supergraph.graphql`))]),
);
const graphOf = (name: (typeof contractNames)[number]) => {
  const graph = graphs.get(name);
  if (!graph) throw new Error(`${name} is a contract`);
  return graph;
};

/** Every field of a schema with its type, as text. */
const fieldsOf = (schema: GraphQLSchema): string[] =>
  Object.values(schema.getTypeMap()).flatMap((type) =>
    !type.name.startsWith('__') &&
    (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
      ? Object.values(type.getFields()).map((field) => `${type.name}.${field.name}: ${field.type}`)
      : [],
  );

const example = (name: string): string =>
  readFileSync(new URL(`../../gateway/src/examples/${name}`, import.meta.url), 'utf8');

const problemsOf = (contract: (typeof contractNames)[number], text: string) => {
  const operation = operationReader(graphOf(contract).schema)(text);
  return 'document' in operation ? [] : operation.map(({ message }) => message);
};

describe.each(contractNames)('the contract %s', (name) => {
  test('is a part of the public graph, and described like it', () => {
    const whole = new Set(fieldsOf(buildSchema(committed('public.graphql'))));
    const part = fieldsOf(graphOf(name).schema);

    expect(part.filter((field) => !whole.has(field))).toEqual([]);
    expect(part.length).toBeLessThan(whole.size);
    expect(undescribed(graphOf(name).schema)).toEqual([]);
  });

  test('is readable as committed', () => {
    const readable = buildSchema(committed(`contracts/${name}.graphql`));

    expect(fieldsOf(readable).toSorted()).toEqual(fieldsOf(graphOf(name).schema).toSorted());
  });

  test('leads nowhere in vain: whatever returns an abstract type can return something', () => {
    const { schema } = graphOf(name);
    const barren = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type)
        ? Object.values(type.getFields()).filter((field) => {
            const returned = getNamedType(field.type);
            return (
              (isUnionType(returned) || isInterfaceType(returned)) &&
              schema.getPossibleTypes(returned).length === 0
            );
          })
        : [],
    );

    expect(barren).toEqual([]);
  });

  test('keeps no type that nothing leads to', () => {
    const { schema } = graphOf(name);
    const led = Object.keys(pruneSchema(schema).getTypeMap());

    expect(Object.keys(schema.getTypeMap()).filter((type) => !led.includes(type))).toEqual([]);
  });

  test('holds nothing of the operators', () => {
    expect(fieldsOf(graphOf(name).schema).join('\n')).not.toMatch(
      /claimShopApplication|reviewShopApplication|Query\.shopApplications/,
    );
  });
});

describe('a client of the storefront', () => {
  test.each(['00-live-rooms', '01-room-page', '02-room-events'])(
    'can run the example %s',
    (name) => {
      const operation = operationReader(graphOf('storefront').schema)(example(`${name}.graphql`));

      if (!('document' in operation)) throw new Error(operation.map(String).join('\n'));
      expect(openPlans(graphOf('storefront')).of(operation).node).toBeDefined();
    },
  );

  test('buys, and manages no shop', () => {
    expect(
      problemsOf(
        'storefront',
        'mutation ($i: PlaceOrderInput!) { placeOrder(input: $i) { replayed } }',
      ),
    ).toEqual([]);
    expect(
      problemsOf(
        'storefront',
        'mutation ($i: SetStockInput!) { setStock(input: $i) { replayed } }',
      ),
    ).not.toEqual([]);
    expect(
      problemsOf('storefront', '{ shop(id: "shp_1") { orders(first: 1) { nodes { id } } } }'),
    ).toEqual(['Cannot query field "orders" on type "Shop".']);
  });

  test('cannot tell that there is more', () => {
    const { schema } = graphOf('storefront');

    expect(schema.getType('ShopApplication')).toBeUndefined();
    expect(schema.getType('Warehouse')).toBeUndefined();
    expect(schema.getType('SetStockInput')).toBeUndefined();
    expect(fieldsOf(schema)).not.toContain('PackageLine.warehouse: Warehouse');
  });
});

describe('a client of a seller', () => {
  test('works for the shop, and does not shop', () => {
    const manage = `mutation ($a: CreateProductInput!, $b: SetStockInput!, $c: ShipPackageInput!, $d: EditShopInput!) {
      createProduct(input: $a) { replayed }
      setStock(input: $b) { stockLevel { onHand warehouse { name } } }
      shipPackage(input: $c) { package { lines { warehouse { name } } } }
      editShop(input: $d) { shop { orders(first: 5) { nodes { number lines { title } } } } }
    }`;

    expect(problemsOf('seller', manage)).toEqual([]);
    expect(problemsOf('seller', '{ viewer { cart { quantity } } }')).toHaveLength(1);
    expect(
      problemsOf(
        'seller',
        'mutation ($i: PlaceOrderInput!) { placeOrder(input: $i) { replayed } }',
      ),
    ).not.toEqual([]);
  });

  test('goes live', () => {
    const live = `mutation ($i: PinCardInput!) { pinCard(input: $i) { room { state } } }`;

    expect(problemsOf('seller', live)).toEqual([]);
    expect(problemsOf('seller', example('02-room-events.graphql'))).toEqual([]);
  });
});

describe('an app of a partner', () => {
  test('acts for shops and creators', () => {
    const act = `mutation ($a: EditProductInput!, $b: AdjustStockInput!, $c: JoinCollaborationInput!) {
      editProduct(input: $a) { product { texts { title } } }
      adjustStock(input: $b) { replayed }
      joinCollaboration(input: $c) { collaboration { partnership { commissionBps } } }
    }`;

    expect(problemsOf('partner', act)).toEqual([]);
    expect(
      problemsOf('partner', '{ viewer { creator { commissions(first: 5) { nodes { state } } } } }'),
    ).toEqual([]);
  });

  test('is given no password and no purse', () => {
    const names = Object.keys(graphOf('partner').schema.getMutationType()?.getFields() ?? {});

    expect(names).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(sign|refresh|place|addAddress)/)]),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(problemsOf('partner', '{ viewer { addresses { line1 } } }')).toHaveLength(1);
  });
});

describe('a gateway that serves a contract', () => {
  const engineOf = (name: (typeof contractNames)[number], answers: Record<string, object>) => {
    const sources = Object.entries(answers).map(([source, data]): [string, SubgraphSource] => [
      source,
      sourceOf({
        name: source,
        prepare: () => () => ({ data: { ...data } }),
        subscribe: async () => ({ errors: [] }),
        close: async () => {},
      }),
    ]);
    const engine = openEngine(
      graphOf(name),
      new Map(sources),
      openLogger({ LOG_LEVEL: 'silent' }, 'test'),
    );
    const read = operationReader(graphOf(name).schema);
    return async (text: string) => {
      const operation = read(text);
      if (!('document' in operation)) return { errors: operation };
      const scope = { viewer: null, requestId: 'test', languages: [] };
      return JSON.parse(JSON.stringify(await engine.execute({ operation, variables: {}, scope })));
    };
  };
  const node = (__typename: string) => ({ nodes: { node: { __typename, id: 'x_1' } } });

  test('finds no node of a type that is not in it, even though it is there', async () => {
    const text = '{ node(id: "x_1") { __typename id } }';

    expect((await engineOf('storefront', node('Warehouse'))(text)).data).toEqual({ node: null });
    expect(await engineOf('seller', node('Warehouse'))(text)).toEqual({
      data: { node: { __typename: 'Warehouse', id: 'x_1' } },
    });
  });

  test('shows by introspection what it serves and no more', async () => {
    const text = `{
      hidden: __type(name: "Warehouse") { name }
      shop: __type(name: "Shop") { fields { name } }
    }`;

    const { data } = await engineOf('storefront', {})(text);

    expect(data.hidden).toBeNull();
    expect(data.shop.fields).toContainEqual({ name: 'products' });
    expect(data.shop.fields).not.toContainEqual({ name: 'orders' });
  });

  test('refuses what is not in it as if it were nowhere', async () => {
    const { errors } = await engineOf(
      'storefront',
      {},
    )('{ shop(id: "shp_1") { staff { nodes { role } } } }');

    expect(errors).toEqual([
      expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
    ]);
    expect(JSON.stringify(errors)).not.toContain('seller');
  });
});

describe('membership', () => {
  const supergraph = (sdl: string): string => `
    schema
      @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
      @link(url: "https://specs.apollo.dev/tag/v0.3")
      { query: Query mutation: Mutation }
    directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
    directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
    directive @join__graph(name: String!, url: String!) on ENUM_VALUE
    directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
    directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
    directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
    directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
    directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA
    scalar join__FieldSet
    scalar link__Import
    enum link__Purpose { SECURITY EXECUTION }
    enum join__Graph { A @join__graph(name: "a", url: "http://a.invalid") }
    ${sdl.replaceAll(/^( *(?:type|input|enum|interface|union) .*?)( [{=])/gm, '$1 @join__type(graph: A)$2')}`;
  const seen = (sdl: string): string[] => {
    const { schema } = loadGraph(contractOf(supergraph(sdl), 'seller'));
    return [...fieldsOf(schema), ...unions(schema)].toSorted();
  };
  const unions = (schema: GraphQLSchema) =>
    Object.values(schema.getTypeMap()).flatMap((type) =>
      isUnionType(type) ? [`${type.name} = ${type.getTypes().join(' | ')}`] : [],
    );
  const forSeller = '@tag(name: "seller")';
  const forBuyer = '@tag(name: "storefront")';

  test('of a root field needs a tag, so that what is new is in no contract by accident', () => {
    expect(
      seen(`type Query { a: Int ${forSeller}  b: Int  c: Int ${forBuyer}  d: Int @tag(name: "viewer") }
        type Mutation { x: Int }`),
    ).toEqual(['Query.a: Int']);
  });

  test('of anything else is that of who reaches it, except where it is tagged for others', () => {
    expect(
      seen(`type Query { shop: Shop ${forSeller}  cart: Cart ${forBuyer} }
        type Mutation { x: Int }
        type Shop { name: String  sales: Int ${forSeller} ${forBuyer}  likes: Int ${forBuyer} }
        type Cart { lines: Int }`),
    ).toEqual(['Query.shop: Shop', 'Shop.name: String', 'Shop.sales: Int']);
  });

  test('ends with a type that is for others, or that nothing is left of', () => {
    expect(
      seen(`type Query { shop: Shop ${forSeller}  other: Empty ${forSeller} }
        type Mutation { x: Int }
        type Shop { name: String  secret: Secret  empty: Empty  either: Either }
        type Secret ${forBuyer} { a: Int }
        type Empty { a: Int ${forBuyer} }
        union Either @join__unionMember(graph: A, member: "Shop") @join__unionMember(graph: A, member: "Secret") = Shop | Secret`),
    ).toEqual(['Either = Shop', 'Query.shop: Shop', 'Shop.either: Either', 'Shop.name: String']);
  });

  test('of an input is that of who may give it', () => {
    const sdl = `type Query { shop(by: By, how: How, of: Of): Int ${forSeller} }
      type Mutation { x: Int }
      input By { id: ID  secret: Int ${forBuyer} }
      enum How { FAST SLOW ${forBuyer} }
      input Of ${forBuyer} { id: ID }`;
    const { schema } = loadGraph(contractOf(supergraph(sdl), 'seller'));

    expect(seen(sdl)).toEqual(['By.id: ID', 'Query.shop: Int']);
    expect(
      schema
        .getQueryType()
        ?.getFields()
        ['shop']?.args.map((one) => one.name),
    ).toEqual(['by', 'how']);
    expect(String(schema.getType('Of'))).toBe('undefined');
  });

  test('of what is required cannot be taken away: such a contract does not load', () => {
    const sdl = supergraph(`type Query { shop(by: By!): Int ${forSeller} }
      type Mutation { x: Int }
      input By ${forBuyer} { id: ID }`);

    expect(() => loadGraph(contractOf(sdl, 'seller')).schema).toThrow(/inaccessible/);
  });
});
