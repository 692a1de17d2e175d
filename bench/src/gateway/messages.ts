/** What the benchmark's processes say to each other over IPC. */
export type EventsOrder = 'count' | { readonly publish: string };
export interface EventsAnswer {
  /** Subscriptions that were begun at the subgraph, and those that have not ended. */
  readonly begun: number;
  readonly active: number;
}

export interface LoadOrder {
  readonly url: string;
  readonly query: string;
  /** Index of the first request; variables follow from the index. */
  readonly from: number;
  readonly count: number;
  /** Sent in turn, by the index of the request; without, nobody is signed in. */
  readonly tokens?: readonly string[];
}
export type LoadAnswer =
  | { readonly ready: true }
  | { readonly failures: number; readonly first?: string };

export interface VitrineOptions {
  /** To 200 types and 30 subgraphs. */
  readonly isGrown: boolean;
  /** Addresses of all subgraphs; without, all run in the gateway's process. */
  readonly remote?: Readonly<Record<string, string>>;
}
