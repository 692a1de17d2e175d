import { isTestMarket } from '@vitrine/markets/market';
import { startConsumer } from '@vitrine/platform/outbox/consumer';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import type { Closable } from '@vitrine/platform/shutdown';
import { openStorage } from '@vitrine/platform/storage';
import { openEditing } from '../editing/editing.services.ts';
import { listSamples } from './list-samples.ts';
import { pictureOf, samples } from './sample-products.ts';

/** Fills new test shops, so that a developer can order something before selling anything. */
export function startSampleConsumer(services: Services): Closable {
  const { media } = openStorage(services.env);
  const { shops, createProduct, useCases } = openEditing(services);
  const list = listSamples({
    createProduct,
    publishProduct: useCases.publishProduct,
    async pictureOf(sample) {
      const key = `samples/${sample.name}.svg`;
      // Of all shops: whoever stores it again stores the same.
      if ((await media.read(key)) === null) {
        const hue = (samples.indexOf(sample) * 360) / samples.length;
        await media.put(key, Buffer.from(pictureOf(sample, hue)), 'image/svg+xml');
      }
      return media.urlOf(key);
    },
  });
  return startConsumer(services, 'catalog.sample-products', {
    'shops.shop-opened': async (fact) => {
      if (!isTestMarket(fact.payload.market)) return;
      // The other consumer of this fact may be later, and a product needs its shop.
      await transact(services, (tx) => shops.project(fact, tx));
      await list(fact.payload);
    },
  });
}
