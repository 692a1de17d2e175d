import { connectionOf, readPage } from '@vitrine/platform/pages';
import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import { requireSelf, type Viewer } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import type { AppRefusedErrorMapper, AppVersionConflictErrorMapper } from '../mappers.ts';
import type { App, AppRefusal, AppWish } from './app.ts';

const messages: Record<AppRefusal, string> = {
  PUBLIC_APP_HAS_NO_SECRET: 'A public app has no secret; it proves itself by PKCE alone.',
};

const refusedBy = (refusal: AppRefusal): AppRefusedErrorMapper => ({
  __typename: 'AppRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal],
  path: ['input', 'appId'],
  retryable: false,
});

const conflict = (current: App): AppVersionConflictErrorMapper => ({
  __typename: 'AppVersionConflictError',
  code: 'VERSION_CONFLICT',
  message: 'The app has changed since you saw it; look again.',
  path: ['input', 'expectedVersion'],
  retryable: false,
  current,
});

const noApp = () => notFound('The app', ['appId']);

/** Its developer, and the app itself. */
const maySeeInside = (app: App, viewer: Viewer | null): boolean =>
  viewer?.appId === undefined ? viewer?.userId === app.developerUserId : viewer.appId === app.id;

/** What is left out or null stays; a picture can be taken away. */
const changeOf = ({
  iconUrl,
  ...input
}: { readonly iconUrl?: string | null } & {
  readonly [Key in keyof Omit<AppWish, 'iconUrl'>]?: AppWish[Key] | null;
}): Partial<AppWish> => ({
  ...(input.name == null ? {} : { name: input.name }),
  ...(input.description == null ? {} : { description: input.description }),
  ...(input.homepageUrl == null ? {} : { homepageUrl: input.homepageUrl }),
  ...(input.redirectUris == null ? {} : { redirectUris: input.redirectUris }),
  ...(input.scopes == null ? {} : { scopes: input.scopes }),
  ...(iconUrl === undefined ? {} : { iconUrl }),
});

export const appResolvers: Resolvers = {
  Query: {
    app: (_root, { id }, { loaders }) => loaders.appById.load(id),
    viewerApp: (_root, _args, { viewer, loaders }) =>
      viewer?.appId === undefined ? null : loaders.appById.load(viewer.appId),
  },
  Viewer: {
    async apps({ id }, args, { viewer, apps }) {
      if (viewer?.userId !== id) return null;
      const page = readPage(args);
      const rows = await apps.listByDeveloper(id, page);
      return connectionOf(page, rows, ({ id }) => [id]);
    },
  },
  App: {
    __resolveReference: ({ id }, { loaders }) => loaders.appById.load(id),
    developer: ({ developerUserId }, _args, { loaders }) =>
      loaders.personById.load(developerUserId),
    scopes: ({ scopes }) => [...scopes],
    registration: (app, _args, { viewer }) => (maySeeInside(app, viewer) ? app : null),
    tokenScopes: ({ id }, _args, { viewer }) => (viewer?.appId === id ? viewer.scopes : null),
  },
  AppRegistration: {
    redirectUris: ({ redirectUris }) => [...redirectUris],
    previousSecretUntil: ({ secrets }) =>
      secrets.find(({ until }) => until !== null)?.until ?? null,
  },
  Mutation: {
    async registerApp(_root, { input }, { viewer, registerApp }) {
      const { userId } = requireSelf(viewer);
      const outcome = await registerApp(userId, {
        ...input,
        iconUrl: input.iconUrl ?? null,
        redirectUris: input.redirectUris ?? [],
        scopes: input.scopes ?? [],
      });
      return outcome.ok
        ? { ...outcome.value, userErrors: [] }
        : { app: null, clientSecret: null, userErrors: outcome.refusal.map(invalidInput) };
    },
    async editApp(_root, { input }, { viewer, editApp, loaders }) {
      const { userId: developerUserId } = requireSelf(viewer);
      const { appId, expectedVersion, ...wanted } = input;
      const change = changeOf(wanted);
      const outcome = await editApp({ developerUserId, appId, expectedVersion, change });
      loaders.appById.clear(appId);
      if (outcome.ok) return { app: outcome.value, userErrors: [] };
      const { refusal } = outcome;
      if (refusal === 'NOT_FOUND') return { app: null, userErrors: [noApp()] };
      return {
        app: null,
        userErrors:
          'problems' in refusal ? refusal.problems.map(invalidInput) : [conflict(refusal.current)],
      };
    },
    async rotateAppSecret(_root, { input }, { viewer, rotateAppSecret, loaders }) {
      const { userId: developerUserId } = requireSelf(viewer);
      const outcome = await rotateAppSecret({ developerUserId, ...input });
      loaders.appById.clear(input.appId);
      if (outcome.ok) return { ...outcome.value, userErrors: [] };
      const { refusal } = outcome;
      const problem =
        refusal === 'NOT_FOUND'
          ? noApp()
          : typeof refusal === 'string'
            ? refusedBy(refusal)
            : conflict(refusal.current);
      return { app: null, clientSecret: null, userErrors: [problem] };
    },
    async deleteApp(_root, { input: { appId } }, { viewer, deleteApp, loaders }) {
      const { userId: developerUserId } = requireSelf(viewer);
      const outcome = await deleteApp({ developerUserId, appId });
      loaders.appById.clear(appId);
      return outcome.ok
        ? { deletedAppId: appId, userErrors: [] }
        : { deletedAppId: null, userErrors: [noApp()] };
    },
  },
};
