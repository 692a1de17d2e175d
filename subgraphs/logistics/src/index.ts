import { startPrivacy } from '@vitrine/platform/privacy/privacy.consumer';
import { buildSchema } from '@vitrine/platform/schema';
import { defineSubgraph } from '@vitrine/platform/subgraph';
import { startTimers } from '@vitrine/platform/timers';
import { openContext } from './context.ts';
import { packageModel } from './packages/package.model.ts';
import { packageResolvers } from './packages/package.resolvers.ts';
import { personalData } from './privacy/personal-data.store.ts';
import { startReservationConsumer } from './reservations/reservation.consumer.ts';
import { reservationModels } from './reservations/reservation.model.ts';
import { RESERVATION_EXPIRY, reservationStore } from './reservations/reservation.store.ts';
import { shippingResolvers } from './shipping/shipping.resolvers.ts';
import { stockModels } from './stock/stock.model.ts';
import { stockResolvers } from './stock/stock.resolvers.ts';
import { startVariantConsumer } from './variants/variant.consumer.ts';
import { listingModel, variantModel } from './variants/variant.model.ts';
import { startShopConsumer } from './warehouses/warehouse.consumer.ts';
import { shopModel, warehouseModel } from './warehouses/warehouse.model.ts';
import { warehouseResolvers } from './warehouses/warehouse.resolvers.ts';

/** Warehouses, stock that cannot be oversold, shipping options and parcels. */
export const logistics = defineSubgraph({
  name: 'logistics',
  schema: buildSchema(import.meta.dirname, [
    warehouseResolvers,
    stockResolvers,
    shippingResolvers,
    packageResolvers,
  ]),
  open: openContext,
  models: ({ db }) => {
    shopModel(db);
    warehouseModel(db);
    variantModel(db);
    listingModel(db);
    stockModels(db);
    reservationModels(db);
    packageModel(db);
  },
  work: (services) => [
    startPrivacy(services, 'logistics.privacy', personalData(services)),
    startShopConsumer(services),
    startVariantConsumer(services),
    startReservationConsumer(services),
    startTimers(services, { [RESERVATION_EXPIRY]: reservationStore(services).expire }),
  ],
});
