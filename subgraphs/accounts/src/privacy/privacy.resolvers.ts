import { requireSelf } from '@vitrine/platform/viewer';
import { GraphQLError } from 'graphql';
import type { Resolvers } from '../generated.ts';
import type { EraseAccountRefusedErrorMapper, ShopsOwnedErrorMapper } from '../mappers.ts';
import { isTooMany, tooManyAttempts } from '../throttling/attempts.errors.ts';
import type { EraseRefusal } from './erasure.ts';
import { progressOf } from './progress.ts';

type Plain = Exclude<Extract<EraseRefusal, string>, 'NO_ACCOUNT'>;

const messages: Record<Plain, { readonly field: string; readonly message: string }> = {
  PASSWORD_WRONG: { field: 'password', message: 'The password is another.' },
  ONE_TIME_PASSWORD_REQUIRED: {
    field: 'oneTimePassword',
    message: 'Send a one-time password along.',
  },
  ONE_TIME_PASSWORD_WRONG: {
    field: 'oneTimePassword',
    message: 'The one-time password is another, or was used.',
  },
};

const refusedBy = (refusal: Plain): EraseAccountRefusedErrorMapper => ({
  __typename: 'EraseAccountRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal].message,
  path: ['input', messages[refusal].field],
  retryable: false,
});

const shopsOwned = (shopIds: readonly string[]): ShopsOwnedErrorMapper => ({
  __typename: 'ShopsOwnedError',
  code: 'SHOPS_OWNED',
  message: 'Your shops would be without an owner: transfer them first.',
  path: null,
  retryable: false,
  shops: shopIds.map((id) => ({ id })),
});

function errorOf(refusal: EraseRefusal) {
  if (refusal === 'NO_ACCOUNT') {
    throw new GraphQLError('This account is no longer there.', {
      extensions: { code: 'UNAUTHENTICATED' },
    });
  }
  if (typeof refusal === 'string') return refusedBy(refusal);
  return isTooMany(refusal) ? tooManyAttempts(refusal) : shopsOwned(refusal.shopIds);
}

export const privacyResolvers: Resolvers = {
  Query: {
    erasure: (_root, { secret }, { privacy }) => privacy.findErasure(secret),
  },
  Viewer: {
    async dataExports({ id }, _args, { viewer, privacy }) {
      const isThemself =
        viewer?.userId === id && viewer.appId === undefined && viewer.impersonatorId === undefined;
      return isThemself ? [...(await privacy.exportsOf(id))] : null;
    },
  },
  DataExport: {
    progress: ({ parts, readyAt }) => progressOf(parts, readyAt),
    downloadUrl: (found, _args, { privacy }) => privacy.downloadUrlOf(found),
  },
  Erasure: {
    progress: ({ parts, doneAt }) => progressOf(parts, doneAt),
  },
  Mutation: {
    async requestDataExport(_root, _args, { viewer, privacy }) {
      const { userId } = requireSelf(viewer);
      const dataExport = await privacy.requestExport(userId);
      if (dataExport) return { dataExport, userErrors: [] };
      const running = {
        __typename: 'DataExportRunningError' as const,
        code: 'EXPORT_RUNNING',
        message: 'One is on its way already.',
        path: null,
        retryable: true,
      };
      return { dataExport: null, userErrors: [running] };
    },
    async eraseAccount(_root, { input }, { viewer, client, privacy }) {
      const { userId } = requireSelf(viewer);
      const { password, oneTimePassword = null } = input;
      const outcome = await privacy.eraseAccount({ userId, password, oneTimePassword }, client);
      return outcome.ok
        ? { ...outcome.value, userErrors: [] }
        : { erasure: null, secret: null, userErrors: [errorOf(outcome.refusal)] };
    },
  },
};
