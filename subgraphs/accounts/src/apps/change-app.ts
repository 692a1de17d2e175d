import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import {
  type App,
  type AppKind,
  type AppRefusal,
  type AppSecrets,
  type Apps,
  type AppWish,
  edited,
  rotated,
} from './app.ts';
import { type InputProblem, tidied, wishProblems } from './app-input.ts';

export interface AppPorts {
  readonly apps: Apps;
  readonly secrets: AppSecrets;
  readonly isScope: (name: string) => boolean;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** An app and its new secret, which nobody can see again; null for a public app. */
export interface AppWithSecret {
  readonly app: App;
  readonly clientSecret: string | null;
}

/** Who asks for what: an app of another developer is as if it did not exist. */
export interface OwnApp {
  readonly developerUserId: string;
  readonly appId: string;
  readonly expectedVersion: number;
}

export type AppChangeRefusal =
  | { readonly problems: readonly InputProblem[] }
  /** Somebody was faster: how it stands now. */
  | { readonly current: App }
  | 'NOT_FOUND';

const own = async (apps: Apps, { appId, developerUserId }: Omit<OwnApp, 'expectedVersion'>) => {
  const [app] = await apps.findMany([appId]);
  return app?.developerUserId === developerUserId ? app : null;
};

export const registerApp =
  ({ apps, secrets, isScope, clock, newId }: AppPorts) =>
  async (
    developerUserId: string,
    { kind, ...wish }: AppWish & { readonly kind: AppKind },
  ): Promise<Outcome<AppWithSecret, readonly InputProblem[]>> => {
    const problems = wishProblems(wish, kind, isScope);
    if (problems.length > 0) return refuse(problems);
    const clientSecret = kind === 'CONFIDENTIAL' ? secrets.mint() : null;
    const app: App = {
      ...tidied(wish),
      id: newId('tpa'),
      developerUserId,
      kind,
      secrets: clientSecret === null ? [] : [{ hash: secrets.hash(clientSecret), until: null }],
      version: 1,
      createdAt: clock(),
    };
    await apps.add(app);
    return accept({ app, clientSecret });
  };

export const editApp =
  ({ apps, isScope }: Pick<AppPorts, 'apps' | 'isScope'>) =>
  async ({
    change,
    ...wanted
  }: OwnApp & { readonly change: Partial<AppWish> }): Promise<Outcome<App, AppChangeRefusal>> => {
    const app = await own(apps, wanted);
    if (!app) return refuse('NOT_FOUND');
    const problems = wishProblems(change, app.kind, isScope);
    if (problems.length > 0) return refuse({ problems });
    const decision = edited(app, tidied(change), wanted.expectedVersion);
    if (!decision.ok) return refuse({ current: decision.refusal });
    if (await apps.save(decision.value, 'app-edited')) return decision;
    const current = await own(apps, wanted);
    return refuse(current ? { current } : 'NOT_FOUND');
  };

export const rotateAppSecret =
  ({ apps, secrets, clock }: Pick<AppPorts, 'apps' | 'secrets' | 'clock'>) =>
  async (
    wanted: OwnApp,
  ): Promise<
    Outcome<AppWithSecret, Exclude<AppChangeRefusal, { problems: unknown }> | AppRefusal>
  > => {
    const app = await own(apps, wanted);
    if (!app) return refuse('NOT_FOUND');
    if (app.version !== wanted.expectedVersion) return refuse({ current: app });
    const clientSecret = secrets.mint();
    const decision = rotated(app, secrets.hash(clientSecret), clock());
    if (!decision.ok) return decision;
    if (await apps.save(decision.value, 'app-secret-rotated')) {
      return accept({ app: decision.value, clientSecret });
    }
    const current = await own(apps, wanted);
    return refuse(current ? { current } : 'NOT_FOUND');
  };

/** Takes an app away: its tokens end at once, and nobody can agree to it any more. */
export const deleteApp =
  ({ apps }: Pick<AppPorts, 'apps'>) =>
  async (wanted: Omit<OwnApp, 'expectedVersion'>): Promise<Outcome<App, 'NOT_FOUND'>> => {
    const app = await own(apps, wanted);
    return app && (await apps.remove(app)) ? accept(app) : refuse('NOT_FOUND');
  };
