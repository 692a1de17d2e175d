import { startPrivacy } from '@vitrine/platform/privacy/privacy.consumer';
import { buildSchema } from '@vitrine/platform/schema';
import { defineSubgraph } from '@vitrine/platform/subgraph';
import { collaborationModel, partnershipModel } from './collaborations/collaboration.model.ts';
import { collaborationResolvers } from './collaborations/collaboration.resolvers.ts';
import { startCommissions } from './commissions/commission.consumer.ts';
import { commissionModel } from './commissions/commission.model.ts';
import { commissionResolvers } from './commissions/commission.resolvers.ts';
import { contentModel } from './content/content.model.ts';
import { openContext } from './context.ts';
import { creatorModel } from './creators/creator.model.ts';
import { creatorResolvers } from './creators/creator.resolvers.ts';
import { personalData } from './privacy/personal-data.store.ts';
import { startProducts } from './products/product.consumer.ts';
import { productModel } from './products/product.model.ts';

/** Creators, what shops offer them, and what they earn. */
export const affiliate = defineSubgraph({
  name: 'affiliate',
  schema: buildSchema(import.meta.dirname, [
    creatorResolvers,
    collaborationResolvers,
    commissionResolvers,
  ]),
  models: ({ db }) => {
    for (const register of [
      creatorModel,
      productModel,
      collaborationModel,
      partnershipModel,
      contentModel,
      commissionModel,
    ]) {
      register(db);
    }
  },
  open: openContext,
  work: (services) => [
    startPrivacy(services, 'affiliate.privacy', personalData(services)),
    startProducts(services),
    ...startCommissions(services),
  ],
});
