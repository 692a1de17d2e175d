import { HOUR, plus } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';

/** Whether an app can keep a secret: a server can, what runs on people's devices cannot. */
export type AppKind = 'CONFIDENTIAL' | 'PUBLIC';

/** How long the secret before the present one goes on working. */
const GRACE_MS = 24 * HOUR;

/** What a secret leaves behind: enough to recognise it, nothing to make it from. */
export interface AppSecret {
  readonly hash: string;
  /** When it stops working; null for the present one. */
  readonly until: Date | null;
}

/** What a developer decides about an app. */
export interface AppWish {
  readonly name: string;
  readonly description: string;
  readonly homepageUrl: string;
  readonly iconUrl: string | null;
  readonly redirectUris: readonly string[];
  /** The most it may ask a person for. */
  readonly scopes: readonly string[];
}

/** A program of somebody else that uses the graph. */
export interface App extends AppWish {
  readonly id: string;
  readonly developerUserId: string;
  /** Stays as it was registered: what was given out to a server must not move to a phone. */
  readonly kind: AppKind;
  /** The present one, and the one before it while it lasts; none for a public app. */
  readonly secrets: readonly AppSecret[];
  /** Raised by every change. */
  readonly version: number;
  readonly createdAt: Date;
}

export type AppRefusal = 'PUBLIC_APP_HAS_NO_SECRET';

/** Where apps are kept. Implemented over MongoDB in `app.store.ts`. */
export interface Apps {
  findMany(ids: readonly string[]): Promise<readonly App[]>;
  /** Stores a new app and tells other subgraphs. */
  add(app: App): Promise<void>;
  /** Stores a change; false when somebody was faster. */
  save(next: App, action: 'app-edited' | 'app-secret-rotated'): Promise<boolean>;
  /** Takes the app away with every grant it has; false when it has gone or is another's. */
  remove(app: Pick<App, 'id' | 'developerUserId'>): Promise<boolean>;
}

/** Makes secrets, and what is kept of them. */
export interface AppSecrets {
  mint(): string;
  hash(secret: string): string;
}

/** The app after the change; refused with the present one when the change was made for another version. */
export function edited(
  app: App,
  change: Partial<AppWish>,
  expectedVersion: number,
): Outcome<App, App> {
  if (app.version !== expectedVersion) return refuse(app);
  return accept({ ...app, ...change, version: app.version + 1 });
}

/** The app with a new secret; the one before it works for another day, so that servers can change over. */
export function rotated(app: App, hash: string, now: Date): Outcome<App, AppRefusal> {
  if (app.kind === 'PUBLIC') return refuse('PUBLIC_APP_HAS_NO_SECRET');
  const before = app.secrets.filter(({ until }) => until === null);
  return accept({
    ...app,
    secrets: [
      { hash, until: null },
      ...before.map((secret) => ({ ...secret, until: plus(now, GRACE_MS) })),
    ],
    version: app.version + 1,
  });
}

/** Hashes that still prove the app is itself. */
export const validHashes = ({ secrets }: Pick<App, 'secrets'>, now: Date): string[] =>
  secrets.filter(({ until }) => until === null || until > now).map(({ hash }) => hash);
