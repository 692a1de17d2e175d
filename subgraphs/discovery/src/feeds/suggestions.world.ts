import { MINUTE, plus } from '@vitrine/kernel/clock';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { offerStore } from '../products/offer.store.ts';
import { withListing, withStock } from '../products/offer.ts';
import { absorber } from '../signals/absorb-batches.worker.ts';
import { batchStream } from '../signals/batch.stream.ts';
import type { SignalKind } from '../signals/signal.ts';

// What tests of suggestions build their worlds with; nothing else imports it.

interface Listed {
  readonly isActive?: boolean;
  readonly isAvailable?: boolean;
  readonly category?: string;
  readonly markets?: readonly string[];
}

let version = 0;
/** Lists a product, or changes how it is listed. */
export async function list(services: Services, productId: string, own: Listed = {}) {
  const { isActive = true, isAvailable = true, category = 'shoes', markets = ['GB'] } = own;
  version += 1;
  const aggregateVersion = version;
  const variantId = `var_${productId}`;
  await transact(services, (tx) =>
    offerStore(services).change(
      productId,
      (offer) =>
        withStock(
          withListing(offer, {
            aggregateVersion,
            payload: {
              productId,
              shopId: 'shp_1',
              isActive,
              titles: { en: `The ${productId}`, de: `Das ${productId}` },
              defaultLanguage: 'en',
              imageUrl: null,
              category,
              variants: [
                {
                  variantId,
                  sku: 's',
                  attributes: {},
                  weightGrams: 1,
                  prices: markets.map((market) => ({
                    market,
                    price: { minor: '1', currencyCode: 'GBP' },
                  })),
                },
              ],
            },
          }),
          { variantId, isAvailable, version: aggregateVersion },
        ),
      tx,
    ),
  );
}

let batches = 0;
/** A visit of somebody, absorbed before it returns. */
export async function visits(
  services: Services,
  viewerId: string,
  kind: SignalKind,
  ...productIds: string[]
) {
  batches += 1;
  await batchStream(services).append([
    {
      id: `b${batches}`,
      viewerId,
      signals: productIds.map((productId) => ({
        kind,
        productId,
        market: 'GB',
        at: plus(services.clock(), -MINUTE),
        dwellMs: null,
      })),
    },
  ]);
  await absorber(services, async () => {})();
}
