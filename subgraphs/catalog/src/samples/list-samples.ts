import type { CreateProduct } from '../editing/create-product.ts';
import type { ContentInput } from '../editing/product-input.ts';
import type { PutOnSale } from '../editing/publish-product.ts';
import { contentOf, type Sample, samples } from './sample-products.ts';

export interface ListSamplesPorts {
  readonly createProduct: CreateProduct;
  readonly publishProduct: PutOnSale;
  /** Where the sample's picture can be read, once it is there. */
  readonly pictureOf: (sample: Sample) => Promise<string>;
}

export type ListSamples = (shop: {
  readonly shopId: string;
  readonly market: string;
  readonly currencyCode: string;
}) => Promise<void>;

/**
 * Puts the samples on sale by the use cases a seller has, so they obey the listing rules. May be
 * cut off and run again: each is created once by its key, and one that a developer has changed or
 * taken down since is left alone.
 */
export const listSamples =
  ({ createProduct, publishProduct, pictureOf }: ListSamplesPorts): ListSamples =>
  async ({ shopId, market, currencyCode }) => {
    for (const sample of samples) {
      const imageUrl = await pictureOf(sample);
      const content: ContentInput = contentOf(sample, { market, currencyCode, imageUrl });
      const creationKey = `sample/${shopId}/${sample.name}`;
      const created = await createProduct({ shopId, content, creationKey });
      if (!created.ok) throw new Error(`${sample.name}: ${JSON.stringify(created.refusal)}`);
      const { id: productId, state, version } = created.value;
      if (state !== 'DRAFT' || version > 1) continue;
      const published = await publishProduct({ productId, expectedVersion: version });
      // A conflict is another run of this one, which has published it.
      if (!published.ok && published.refusal.type !== 'CONFLICT') {
        throw new Error(`${sample.name}: ${JSON.stringify(published.refusal)}`);
      }
    }
  };
