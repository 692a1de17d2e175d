import { accept } from '@vitrine/kernel/outcome';
import { idempotently } from '@vitrine/platform/idempotency';
import { loaderById } from '@vitrine/platform/loaders';
import type { Services } from '@vitrine/platform/services';
import type { RequestScope } from '@vitrine/platform/subgraph';
import DataLoader from 'dataloader';
import { collaborationStore } from './collaborations/collaboration.store.ts';
import type { Collaboration, Joined } from './collaborations/collaboration.ts';
import { collaborationLists } from './collaborations/collaboration-lists.store.ts';
import { changeCommission, closeCollaboration } from './collaborations/edit-collaboration.ts';
import { joinCollaboration } from './collaborations/join-collaboration.ts';
import { openCollaboration } from './collaborations/open-collaboration.ts';
import { commissionStore } from './commissions/commission.store.ts';
import { type BecomeCreatorCommand, becomeCreator } from './creators/become-creator.ts';
import { creatorStore } from './creators/creator.store.ts';
import { productStore } from './products/product.store.ts';

export type Context = ReturnType<ReturnType<typeof openContext>>;

/** Opens stores and use cases once; what it returns makes the context of each request. */
export function openContext(services: Services) {
  const { clock, newId } = services;
  const creators = creatorStore(services);
  const products = productStore(services);
  const collaborations = collaborationStore(services);
  const commissions = commissionStore(services);
  const become = becomeCreator(creators, clock, newId);

  const useCases = {
    becomeCreator: ({ idempotencyKey: key, userId, ...input }: BecomeCreatorCommand) =>
      idempotently(services, { scope: `becomeCreator/${userId}`, key, input }, async () => {
        const outcome = await become({ idempotencyKey: key, userId, ...input });
        return outcome.ok ? accept({ creatorId: outcome.value.id }) : outcome;
      }),
    openCollaboration: openCollaboration(collaborations, products, clock, newId),
    changeCommission: changeCommission(collaborations, clock),
    closeCollaboration: closeCollaboration(collaborations, clock),
    joinCollaboration: joinCollaboration(collaborations, creators, clock),
  };
  const lists = { ...collaborationLists(services), commissions };

  return ({ viewer }: RequestScope) => {
    const collaborationById = loaderById(collaborations.findMany, ({ id }) => id);
    let own: ReturnType<typeof creators.findByUser> | undefined;
    /** The creator that the viewer is, read at most once. */
    const ownCreator = () => {
      own ??= viewer ? creators.findByUser(viewer.userId) : Promise.resolve(null);
      return own;
    };
    return {
      viewer,
      clock,
      ...useCases,
      lists,
      ownCreator,
      loaders: {
        creatorById: loaderById(creators.findMany, ({ id }) => id),
        collaborationById,
        commissionById: loaderById(commissions.findMany, ({ id }) => id),
        openByProduct: loaderById<Collaboration>(
          (productIds) => collaborations.findOpen(productIds, clock()),
          ({ productId }) => productId,
        ),
        /** The viewer's own side of each collaboration. */
        partnership: new DataLoader<string, Joined['partnership'] | null>(async (ids) => {
          const creator = await ownCreator();
          const found = creator ? await collaborations.findPartnerships(creator.id, ids) : [];
          return ids.map((id) => found.find((each) => each.collaborationId === id) ?? null);
        }),
      },
    };
  };
}
