import { marketOf } from '@vitrine/markets/market';
import { connectionOf, readPage } from '@vitrine/platform/pages';
import { idempotencyError, invalidInput } from '@vitrine/platform/user-errors';
import { requireViewer } from '@vitrine/platform/viewer';
import type { Context } from '../context.ts';
import type { Resolvers } from '../generated.ts';
import type { CreatorRefusedErrorMapper } from '../mappers.ts';
import type { Creator } from './creator.ts';
import { creatorProblems } from './creator-input.ts';

const alreadyCreator: CreatorRefusedErrorMapper = {
  __typename: 'CreatorRefusedError',
  code: 'ALREADY_CREATOR',
  refusal: 'ALREADY_CREATOR',
  message: 'You are a creator already.',
  path: null,
  retryable: false,
};

/** Earnings are between a creator and the platform; to anybody else they are not there. */
const isOwn = (creator: Creator, { viewer }: Context): boolean => viewer?.userId === creator.userId;

const refused = <Refusal>(...userErrors: Refusal[]) => ({
  creator: null,
  userErrors,
  replayed: false,
});

export const creatorResolvers: Resolvers = {
  Query: {
    creator: (_root, { id }, { loaders }) => loaders.creatorById.load(id),
  },
  Viewer: {
    __resolveReference: ({ id }) => ({ id }),
    creator: ({ id }, _args, { viewer, ownCreator }) =>
      viewer?.userId === id ? ownCreator() : null,
  },
  Creator: {
    __resolveReference: ({ id }, { loaders }) => loaders.creatorById.load(id),
    markets: ({ markets }) => [...markets],
    profile: ({ userId }) => ({ id: userId }),
    async collaborations(creator, { isTest, ...args }, context) {
      if (!isOwn(creator, context)) return null;
      const page = readPage(args);
      const joined = await context.lists.joined(creator.id, { isTest, page });
      for (const { collaboration, partnership } of joined) {
        context.loaders.partnership.prime(collaboration.id, partnership);
      }
      const connection = connectionOf(page, joined, ({ partnership }) => [
        partnership.joinedAt.getTime(),
        partnership.collaborationId,
      ]);
      return {
        edges: connection.edges.map(({ cursor, node }) => ({ cursor, node: node.collaboration })),
        nodes: connection.nodes.map(({ collaboration }) => collaboration),
        pageInfo: connection.pageInfo,
      };
    },
    async commissions(creator, { states, soldSince, isTest, ...args }, context) {
      if (!isOwn(creator, context)) return null;
      const page = readPage(args);
      const filter = {
        states: states ?? (['ACCRUED', 'REVERSED', 'REJECTED'] as const),
        soldSince: soldSince ?? null,
        isTest,
      };
      const rows = await context.lists.commissions.list(creator.id, filter, page);
      return connectionOf(page, rows, ({ soldAt, id }) => [soldAt.getTime(), id]);
    },
    balances: (creator, { isTest }, context) =>
      isOwn(creator, context) ? context.lists.commissions.balances(creator.id, isTest) : null,
  },
  Mutation: {
    async becomeCreator(_root, { input }, { viewer, becomeCreator, loaders }) {
      const { userId } = requireViewer(viewer);
      const problems = creatorProblems(input, (code) => marketOf(code) !== null);
      if (problems.length > 0) return refused(...problems.map(invalidInput));
      const outcome = await becomeCreator({ userId, ...input });
      if (!outcome.ok) {
        return outcome.refusal === 'ALREADY_CREATOR'
          ? refused(alreadyCreator)
          : refused(idempotencyError(outcome.refusal));
      }
      const { result, isReplayed: replayed } = outcome.value;
      const creator = await loaders.creatorById.load(result.creatorId);
      return { creator, userErrors: [], replayed };
    },
  },
};
