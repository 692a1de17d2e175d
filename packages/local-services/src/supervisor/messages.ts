/** One step of starting up, e.g. `MongoDB`, `DocumentDB on 127.0.0.1:40123`, 812 ms. */
export interface Step {
  readonly name: string;
  readonly detail: string;
  readonly ms: number;
}

export type ReportStep = (step: Step) => void;

/** What the starter asks of its supervisor process; closing the channel means `stop`. */
export type ToSupervisor =
  | {
      readonly type: 'start';
      readonly dataDir: string;
      /** Services that are given by URL are not started. */
      readonly startMongo: boolean;
      readonly startRedis: boolean;
      readonly ephemeral: boolean;
    }
  | { readonly type: 'stop' };

export type FromSupervisor =
  | { readonly type: 'step'; readonly step: Step }
  | { readonly type: 'ready'; readonly mongoUrl?: string; readonly redisUrl?: string }
  | { readonly type: 'failed'; readonly message: string };

/** A failure whose message is meant for the person at the terminal: no stack trace. */
export class LocalServicesError extends Error {
  override readonly name = 'LocalServicesError';
}
