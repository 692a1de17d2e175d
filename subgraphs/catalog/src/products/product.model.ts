import { money } from '@vitrine/kernel/money';
import type { Connection } from '@vitrine/platform/mongo';
import { type Model, Schema } from 'mongoose';
import type { Product, ProductText, Variant, VariantPrice } from './product.ts';
import { productStates } from './product-state.ts';

interface PriceRow {
  readonly market: string;
  readonly currencyCode: string;
  /** 64-bit in the database; the driver hands out a number where one holds it. */
  readonly minor: bigint;
  readonly strikethroughMinor: bigint | null;
}

type VariantRow = Omit<Variant, 'productId' | 'prices'> & { readonly prices: readonly PriceRow[] };

/** A product as stored, its variants inside: they change together and are read together. */
export interface ProductRow extends Omit<Product, 'id' | 'variants' | 'retired'> {
  readonly _id: string;
  readonly variants: readonly VariantRow[];
  readonly retired: readonly VariantRow[];
  /** Ids of both, so that a variant leads to its product. */
  readonly variantIds: readonly string[];
  /** Null for what was seeded. */
  readonly creationKey: string | null;
}

const inner = { _id: false, id: false } as const;
const text = { type: String, required: true } as const;
// Empty strings are values here; Mongoose's `required` would refuse them.
const maybeEmpty = { type: String, default: '' } as const;

const price = new Schema<PriceRow>(
  {
    market: text,
    currencyCode: text,
    minor: { type: BigInt, required: true },
    strikethroughMinor: { type: BigInt, default: null },
  },
  inner,
);

const variant = new Schema<VariantRow>(
  {
    id: text,
    sku: text,
    attributes: [new Schema({ name: maybeEmpty, value: maybeEmpty }, inner)],
    weightGrams: { type: Number, default: null },
    dimensionsMm: {
      type: new Schema({ length: Number, width: Number, height: Number }, inner),
      default: null,
    },
    prices: [price],
  },
  inner,
);

const schema = new Schema<ProductRow>(
  {
    _id: text,
    shopId: text,
    state: { type: String, enum: productStates, required: true },
    version: { type: Number, required: true },
    defaultLanguage: text,
    texts: [
      new Schema<ProductText>(
        { language: text, title: maybeEmpty, description: maybeEmpty },
        inner,
      ),
    ],
    category: { type: String, default: null },
    images: [
      new Schema(
        { url: text, width: Number, height: Number, alt: { type: String, default: null } },
        inner,
      ),
    ],
    variants: [variant],
    retired: [variant],
    variantIds: [String],
    creationKey: { type: String, default: null },
    publishedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'products', versionKey: false, strict: 'throw' },
);

// A shop's own list by state, newest first.
schema.index({ shopId: 1, state: 1, _id: -1 });
// From a variant to its product.
schema.index({ variantIds: 1 });
// One creation makes one product, however often it is run.
schema.index(
  { creationKey: 1 },
  { unique: true, partialFilterExpression: { creationKey: { $type: 'string' } } },
);

/** A seller's code in use: `<shop id>/<sku>`, so that the primary key keeps it unique in its shop. */
export interface SkuRow {
  readonly _id: string;
  readonly productId: string;
}

const sku = new Schema<SkuRow>(
  { _id: text, productId: text },
  { collection: 'skus', versionKey: false, strict: 'throw' },
);

const named = <Row>(db: Connection, name: string, definition: Schema<Row>): Model<Row> =>
  (db.models[name] as Model<Row> | undefined) ?? // registered by us, below, with this very schema
  db.model<Row>(name, definition);

export const productModel = (db: Connection) => ({
  products: named(db, 'Product', schema),
  skus: named(db, 'Sku', sku),
});

const toPriceRow = ({ market, price, strikethrough }: VariantPrice): PriceRow => ({
  market,
  currencyCode: price.currencyCode,
  minor: price.minor,
  strikethroughMinor: strikethrough?.minor ?? null,
});

const toVariantRow = ({ productId: _, prices, ...own }: Variant): VariantRow => ({
  ...own,
  prices: prices.map(toPriceRow),
});

export function toRow({ id, variants, retired, ...own }: Product): Omit<ProductRow, 'creationKey'> {
  return {
    ...own,
    _id: id,
    variants: variants.map(toVariantRow),
    retired: retired.map(toVariantRow),
    variantIds: [...variants, ...retired].map((variant) => variant.id),
  };
}

// The driver reads a 64-bit integer as a number or a Long; both print all their digits.
const minorOf = (stored: bigint): bigint => BigInt(String(stored));

const toVariant = ({ prices, ...own }: VariantRow, productId: string): Variant => ({
  ...own,
  productId,
  prices: prices.map(({ market, currencyCode, minor, strikethroughMinor }) => ({
    market,
    price: money(minorOf(minor), currencyCode),
    strikethrough:
      strikethroughMinor === null ? null : money(minorOf(strikethroughMinor), currencyCode),
  })),
});

/** The only place where a stored row becomes a domain value. */
export function toProduct({
  _id: id,
  variants,
  retired,
  variantIds: _,
  creationKey: __,
  ...own
}: ProductRow): Product {
  return {
    ...own,
    id,
    variants: variants.map((row) => toVariant(row, id)),
    retired: retired.map((row) => toVariant(row, id)),
  };
}
