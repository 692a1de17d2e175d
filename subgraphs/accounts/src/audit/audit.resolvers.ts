import { connectionOf, type PageArgs, readPage } from '@vitrine/platform/pages';
import { forbidden, requireSecondFactor, requireViewer } from '@vitrine/platform/viewer';
import { GraphQLError } from 'graphql';
import type { Context } from '../context.ts';
import type { AuditLogFilter, Resolvers } from '../generated.ts';
import { roleIn } from '../memberships/membership.rights.ts';
import { type AuditFilter, type AuditScope, changesOf, isOriginShown } from './audit-list.ts';

const MOST_ACTIONS = 20;

function filterOf(input: AuditLogFilter | null | undefined): AuditFilter {
  const actions = input?.actions ?? [];
  if (actions.length > MOST_ACTIONS) {
    throw new GraphQLError(`At most ${MOST_ACTIONS} actions at once.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
  return {
    from: input?.from ?? null,
    until: input?.until ?? null,
    actions,
    actorId: input?.actorId ?? null,
    subjectId: input?.subjectId ?? null,
  };
}

async function pageOf(
  { auditLog, viewer }: Pick<Context, 'auditLog' | 'viewer'>,
  scope: AuditScope,
  { filter, ...args }: PageArgs & { readonly filter?: AuditLogFilter | null | undefined },
) {
  const page = readPage(args);
  const rows = await auditLog.list(scope, filterOf(filter), page);
  const shown = rows.map((row) => ({
    ...row,
    origin: isOriginShown(row.actor, scope, viewer) ? (row.details?.origin ?? null) : null,
  }));
  return connectionOf(page, shown, ({ at, _id }) => [at.getTime(), _id]);
}

/** Any operator, whatever their duties: who may act for the platform may see who did. */
const requireAnyOperator = (viewer: Context['viewer']): void => {
  const { roles, appId } = requireViewer(viewer);
  if (appId !== undefined || !roles.includes('OPERATOR')) throw forbidden();
  requireSecondFactor(viewer);
};

export const auditResolvers: Resolvers = {
  Query: {
    auditLog(_root, args, context) {
      requireAnyOperator(context.viewer);
      return pageOf(context, 'ALL', args);
    },
  },
  Shop: {
    async auditLog({ id: shopId }, args, context) {
      const { viewer, memberships } = context;
      const role = await roleIn(memberships, viewer, shopId);
      if (role === null || role === 'AGENT') return null;
      return pageOf(context, { shopId }, args);
    },
  },
  Viewer: {
    auditLog({ id: userId }, args, context) {
      const { viewer } = context;
      if (viewer?.userId !== userId || viewer.appId !== undefined) return null;
      return pageOf(context, { userId }, args);
    },
  },
  AuditEntry: {
    id: ({ factId }) => factId,
    shop: ({ shopId }) => (shopId === null ? null : { id: shopId }),
    person: ({ userId }, _args, { loaders }) =>
      userId === null ? null : loaders.personById.load(userId),
    changes: (entry) => changesOf(entry),
  },
  AuditActor: {
    profile: ({ userId }, _args, { loaders }) =>
      userId?.startsWith('usr_') ? loaders.personById.load(userId) : null,
    operator: ({ impersonatorId }, _args, { loaders }) =>
      impersonatorId === null ? null : loaders.personById.load(impersonatorId),
  },
};
