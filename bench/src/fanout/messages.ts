/** What the fan-out's processes say to each other over IPC. */
export type ReadersOrder =
  /** Opens sockets; with `query`, each subscribes with an id of its own. */
  | { readonly url: string; readonly sockets: number; readonly query?: string }
  /** Counts from nothing again. */
  | 'reset';

export type ReadersAnswer =
  /** All sockets are open and have sent their subscription; or the count is nothing again. */
  | 'done'
  /** So many events have reached every socket of the process, and the last had so many bytes. */
  | { readonly events: number; readonly bytes: number };
