import { marketOf } from '@vitrine/markets/market';
import { connectionOf, readPage } from '@vitrine/platform/pages';
import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import {
  forbidden,
  isStaffOf,
  managers,
  requireViewer,
  type Viewer,
} from '@vitrine/platform/viewer';
import { GraphQLError } from 'graphql';
import type { Resolvers } from '../generated.ts';
import type {
  CollaborationRefusedErrorMapper,
  CollaborationVersionConflictErrorMapper,
} from '../mappers.ts';
import {
  type Collaboration,
  type CollaborationRefusal,
  isOpen,
  offeredBps,
  partnerBps,
  ratesOf,
} from './collaboration.ts';
import type { TermsProblem } from './open-collaboration.ts';
import { nextCut } from './rate.ts';

const messages: Record<CollaborationRefusal, string> = {
  ALREADY_OPEN: 'This product has an open collaboration; change that one.',
  PRODUCT_NOT_LISTED: 'Only a product that buyers can see is offered to creators.',
  CLOSED: 'This collaboration takes no more creators.',
  ALREADY_JOINED: 'You have joined this collaboration before.',
  NOT_A_CREATOR: 'Become a creator before you join a collaboration.',
  UNCHANGED: 'The commission is that already.',
  TOO_MANY_CHANGES: 'The commission has changed too often lately; try again later.',
};

const refusedBy = (refusal: CollaborationRefusal): CollaborationRefusedErrorMapper => ({
  __typename: 'CollaborationRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal],
  path: null,
  retryable: refusal === 'PRODUCT_NOT_LISTED' || refusal === 'TOO_MANY_CHANGES',
});

const conflict = (current: Collaboration): CollaborationVersionConflictErrorMapper => ({
  __typename: 'CollaborationVersionConflictError',
  code: 'VERSION_CONFLICT',
  message: 'Somebody has changed it since; look again.',
  path: ['input', 'expectedVersion'],
  retryable: false,
  current,
});

/** Shops that the viewer runs: agents offer no commission. */
const shopsOf = (viewer: Viewer | null): string[] => {
  const known = requireViewer(viewer);
  return known.memberships
    .map(({ shopId }) => shopId)
    .filter((shopId) => isStaffOf(known, shopId, managers));
};

const refused = <Refusal>(...userErrors: Refusal[]) => ({ collaboration: null, userErrors });
const done = (collaboration: Collaboration) => ({ collaboration, userErrors: [] });

const isProblems = (refusal: unknown): refusal is readonly TermsProblem[] => Array.isArray(refusal);

export const collaborationResolvers: Resolvers = {
  Query: {
    collaboration: (_root, { id }, { loaders }) => loaders.collaborationById.load(id),
    async openCollaborations(_root, { market, ...args }, { lists, clock }) {
      if (!marketOf(market)) {
        throw new GraphQLError(`There is no market ${market}.`, {
          extensions: { code: 'UNKNOWN_MARKET' },
        });
      }
      const page = readPage(args);
      const rows = await lists.open(market, page, clock());
      return connectionOf(page, rows, ({ rates, id }) => [rates.at(-1)?.bps ?? 0, id]);
    },
  },
  Product: {
    __resolveReference: ({ id }) => ({ id }),
    async bestCommissionBps({ id }, _args, { loaders, clock }) {
      const open = await loaders.openByProduct.load(id);
      return open && offeredBps(open, clock());
    },
  },
  Collaboration: {
    __resolveReference: ({ id }, { loaders }) => loaders.collaborationById.load(id),
    product: ({ productId }) => ({ id: productId }),
    shop: ({ shopId }) => ({ id: shopId }),
    commissionBps: (collaboration, _args, { clock }) => offeredBps(collaboration, clock()),
    state: (collaboration, _args, { clock }) =>
      isOpen(collaboration, clock()) ? 'OPEN' : 'CLOSED',
    async partnership(collaboration, _args, { loaders }) {
      const partnership = await loaders.partnership.load(collaboration.id);
      return partnership && { collaboration, partnership };
    },
  },
  Partnership: {
    joinedAt: ({ partnership }) => partnership.joinedAt,
    commissionBps: (joined, _args, { clock }) => partnerBps(joined, clock()),
    nextCut: ({ collaboration, partnership }, _args, { clock }) =>
      nextCut(ratesOf(collaboration), partnership.joinedAt, clock()),
  },
  CommissionCut: {
    commissionBps: ({ bps }) => bps,
    appliesAt: ({ from }) => from,
  },
  Mutation: {
    async openCollaboration(_root, { input }, { viewer, openCollaboration }) {
      const shopIds = shopsOf(viewer);
      const outcome = await openCollaboration({
        ...input,
        closesAt: input.closesAt ?? null,
        shopIds,
      });
      if (outcome.ok) return done(outcome.value);
      const { refusal } = outcome;
      if (isProblems(refusal)) return refused(...refusal.map(invalidInput));
      if (refusal === 'NOT_FOUND') return refused(notFound('The product', ['productId']));
      if (refusal === 'NOT_STAFF') throw forbidden();
      return refused(refusedBy(refusal));
    },
    async changeCommission(_root, { input }, { viewer, changeCommission }) {
      const outcome = await changeCommission({ ...input, shopIds: shopsOf(viewer) });
      if (outcome.ok) return done(outcome.value);
      const { refusal } = outcome;
      if (isProblems(refusal)) return refused(...refusal.map(invalidInput));
      if (refusal === 'NOT_FOUND') {
        return refused(notFound('The collaboration', ['collaborationId']));
      }
      if (refusal === 'NOT_STAFF') throw forbidden();
      return refused(typeof refusal === 'object' ? conflict(refusal.current) : refusedBy(refusal));
    },
    async closeCollaboration(_root, { input }, { viewer, closeCollaboration }) {
      const outcome = await closeCollaboration({ ...input, shopIds: shopsOf(viewer) });
      if (outcome.ok) return done(outcome.value);
      const { refusal } = outcome;
      if (refusal === 'NOT_FOUND') {
        return refused(notFound('The collaboration', ['collaborationId']));
      }
      if (refusal === 'NOT_STAFF') throw forbidden();
      return refused(typeof refusal === 'object' ? conflict(refusal.current) : refusedBy(refusal));
    },
    async joinCollaboration(_root, { input }, { viewer, joinCollaboration }) {
      const { userId } = requireViewer(viewer);
      const outcome = await joinCollaboration({ ...input, userId });
      if (outcome.ok) return done(outcome.value);
      return outcome.refusal === 'NOT_FOUND'
        ? refused(notFound('The collaboration', ['collaborationId']))
        : refused(refusedBy(outcome.refusal));
    },
  },
};
