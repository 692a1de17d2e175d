import { marketOf } from '@vitrine/markets/market';
import { connectionOf, readPage } from '@vitrine/platform/pages';
import { idempotencyError, invalidInput, notFound } from '@vitrine/platform/user-errors';
import {
  isOperatorFor,
  requireOperator,
  requireViewer,
  type Viewer,
} from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import { keyProblems } from '../input/input-rules.ts';
import type {
  ShopApplicationRefusedErrorMapper,
  ShopApplicationVersionConflictErrorMapper,
} from '../mappers.ts';
import { requireMarket } from '../markets/market.resolvers.ts';
import { type Application, type ApplicationRefusal, isVisibleTo } from './application.ts';
import {
  answersOf,
  answersProblems,
  type MarketProblem,
  reviewProblems,
} from './application-input.ts';
import type { MoveRefusal } from './move-application.ts';

const messages: Record<ApplicationRefusal, string> = {
  APPLICATION_OPEN: 'You have an undecided application for this market; change and send that one.',
  NOT_SUBMITTABLE: 'Only a draft or a rejected application can be sent.',
  NOT_CLAIMABLE: 'Only a waiting application can be claimed.',
  NOT_REVIEWABLE: 'Only an application in review can be decided; claim it first.',
  OWN_APPLICATION: 'Nobody decides about their own application.',
};

const refusedBy = (refusal: ApplicationRefusal): ShopApplicationRefusedErrorMapper => ({
  __typename: 'ShopApplicationRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal],
  path: refusal === 'APPLICATION_OPEN' ? ['input', 'answers', 'market'] : null,
  retryable: false,
});

const conflict = (current: Application): ShopApplicationVersionConflictErrorMapper => ({
  __typename: 'ShopApplicationVersionConflictError',
  code: 'VERSION_CONFLICT',
  message: 'The application has changed since you saw it; look again.',
  path: ['input', 'expectedVersion'],
  retryable: false,
  current,
});

const done = (application: Application) => ({ application, userErrors: [] });
const refused = <Refusal>(...userErrors: Refusal[]) => ({ application: null, userErrors });

const notMoved = (refusal: MoveRefusal) => {
  if (refusal === 'NOT_FOUND') return notFound('The application', ['applicationId']);
  return typeof refusal === 'object' ? conflict(refusal.current) : refusedBy(refusal);
};

function marketProblem(code: string): MarketProblem | null {
  const market = marketOf(code);
  if (!market) return 'UNKNOWN_MARKET';
  return market.isTest ? 'TEST_MARKET' : null;
}

const onlooker = (viewer: Viewer | null) =>
  viewer && { userId: viewer.userId, isReviewer: isOperatorFor(viewer, 'REVIEWS') };

export const applicationResolvers: Resolvers = {
  Query: {
    async shopApplication(_root, { id }, { viewer, loaders }) {
      const application = await loaders.applicationById.load(id);
      return application && isVisibleTo(application, onlooker(viewer)) ? application : null;
    },
    async shopApplications(_root, { states, submittedFrom, ...args }, { viewer, lists }) {
      requireOperator(viewer, 'REVIEWS');
      const page = readPage(args);
      const filter = { states, submittedFrom: submittedFrom ?? null };
      const rows = await lists.sentApplications(filter, page);
      return connectionOf(page, rows, ({ standing, id }) => [
        'submittedAt' in standing ? standing.submittedAt.getTime() : 0,
        id,
      ]);
    },
  },
  Viewer: {
    __resolveReference: ({ id }) => ({ id }),
    async shopApplications({ id }, args, { viewer, lists }) {
      if (viewer?.userId !== id) return null;
      const page = readPage(args);
      const rows = await lists.ownApplications(id, page);
      return connectionOf(page, rows, ({ createdAt, id: own }) => [createdAt.getTime(), own]);
    },
  },
  ShopApplication: {
    async __resolveReference({ id }, { viewer, loaders }) {
      const application = await loaders.applicationById.load(id);
      return application && isVisibleTo(application, onlooker(viewer)) ? application : null;
    },
    state: ({ standing }) => standing.state,
    applicant: ({ applicantUserId }) => ({ id: applicantUserId }),
    market: ({ answers }) => requireMarket(answers.market),
    sellerType: ({ answers }) => answers.sellerType,
    shopName: ({ answers }) => answers.shopName,
    businessName: ({ answers }) => answers.businessName,
    licenceNumber: ({ answers }) => answers.licenceNumber,
    contactEmail: ({ answers }) => answers.contactEmail,
    returnAddress: ({ answers }) => answers.returnAddress,
    rejectionReasons: ({ standing }) =>
      standing.state === 'REJECTED' ? [...standing.reasons] : [],
    submittedAt: ({ standing }) => ('submittedAt' in standing ? standing.submittedAt : null),
    decidedAt: ({ standing }) => ('decidedAt' in standing ? standing.decidedAt : null),
    shop: ({ standing }, _args, { loaders }) =>
      standing.state === 'APPROVED' ? loaders.shopById.load(standing.shopId) : null,
  },
  Mutation: {
    async applyForShop(_root, { input }, { viewer, applyForShop, loaders }) {
      const { userId: applicantUserId } = requireViewer(viewer);
      const { idempotencyKey, isDraft = false } = input;
      const problems = [
        ...keyProblems(idempotencyKey),
        ...answersProblems(input.answers, marketProblem),
      ];
      if (problems.length > 0)
        return { ...refused(...problems.map(invalidInput)), replayed: false };
      const outcome = await applyForShop({
        applicantUserId,
        idempotencyKey,
        isDraft,
        answers: answersOf(input.answers),
      });
      if (!outcome.ok) {
        const { refusal } = outcome;
        return refusal === 'APPLICATION_OPEN'
          ? { ...refused(refusedBy(refusal)), replayed: false }
          : { ...refused(idempotencyError(refusal)), replayed: false };
      }
      const { result, isReplayed: replayed } = outcome.value;
      const application = await loaders.applicationById.load(result.applicationId);
      return { application, userErrors: [], replayed };
    },
    async resubmitShopApplication(_root, { input }, { viewer, resubmitApplication, loaders }) {
      const { userId } = requireViewer(viewer);
      const actor = { userId, isReviewer: false };
      const problems = answersProblems(input.answers, marketProblem);
      if (problems.length > 0) return refused(...problems.map(invalidInput));
      const answers = answersOf(input.answers);
      const outcome = await resubmitApplication({ ...input, actor, answers });
      loaders.applicationById.clear(input.applicationId);
      return outcome.ok ? done(outcome.value) : refused(notMoved(outcome.refusal));
    },
    async claimShopApplication(_root, { input }, { viewer, claimApplication, loaders }) {
      const { userId } = requireOperator(viewer, 'REVIEWS');
      const actor = { userId, isReviewer: true };
      const outcome = await claimApplication({ ...input, actor });
      loaders.applicationById.clear(input.applicationId);
      return outcome.ok ? done(outcome.value) : refused(notMoved(outcome.refusal));
    },
    async reviewShopApplication(_root, { input }, { viewer, reviewApplication, loaders }) {
      const { userId } = requireOperator(viewer, 'REVIEWS');
      const actor = { userId, isReviewer: true };
      const { reasons = [] } = input;
      const problems = reviewProblems(input.decision, reasons);
      if (problems.length > 0) return refused(...problems.map(invalidInput));
      const outcome = await reviewApplication({ ...input, reasons, actor });
      loaders.applicationById.clear(input.applicationId);
      return outcome.ok ? done(outcome.value) : refused(notMoved(outcome.refusal));
    },
  },
};
