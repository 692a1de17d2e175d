import { accept } from '@vitrine/kernel/outcome';
import { idempotently } from '@vitrine/platform/idempotency';
import { loaderById } from '@vitrine/platform/loaders';
import type { Services } from '@vitrine/platform/services';
import type { RequestScope } from '@vitrine/platform/subgraph';
import { applicationStore } from './applications/application.store.ts';
import { type ApplyForShopCommand, applyForShop } from './applications/apply-for-shop.ts';
import {
  claimApplication,
  resubmitApplication,
  reviewApplication,
} from './applications/move-application.ts';
import { editShop } from './shops/edit-shop.ts';
import { shopStore } from './shops/shop.store.ts';

export type Context = ReturnType<ReturnType<typeof openContext>>;

/** Opens stores and use cases once; what it returns makes the context of each request. */
export function openContext(services: Services) {
  const { clock, newId } = services;
  const shops = shopStore(services);
  const applications = applicationStore(services, shops);
  const apply = applyForShop(applications, clock, newId);

  const useCases = {
    applyForShop: (command: ApplyForShopCommand) => {
      const { idempotencyKey: key, applicantUserId, ...input } = command;
      const scope = `applyForShop/${applicantUserId}`;
      return idempotently(services, { scope, key, input }, async () => {
        const outcome = await apply(command);
        return outcome.ok ? accept({ applicationId: outcome.value.id }) : outcome;
      });
    },
    resubmitApplication: resubmitApplication(applications, clock),
    claimApplication: claimApplication(applications),
    reviewApplication: reviewApplication(applications, clock, newId),
    editShop: editShop(shops),
  };

  return ({ viewer }: RequestScope) => ({
    viewer,
    ...useCases,
    lists: {
      shops: shops.list,
      sentApplications: applications.listSent,
      ownApplications: applications.listOwn,
    },
    loaders: {
      shopById: loaderById(shops.findMany, ({ id }) => id),
      testShopByApp: loaderById(
        (appIds) => shops.findOfApps(appIds),
        ({ appId }) => appId ?? '',
      ),
      applicationById: loaderById(applications.findMany, ({ id }) => id),
    },
  });
}
