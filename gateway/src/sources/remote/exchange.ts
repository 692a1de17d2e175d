import type { Dispatcher } from 'undici';

export interface Reply {
  readonly status: number;
  readonly body: Buffer;
}

/** The whole exchange took longer than it may. */
export class ExchangeTimeout extends Error {
  override readonly name = 'ExchangeTimeout';
  constructor(ms: number) {
    super(`no complete answer in ${ms} ms`);
  }
}

/**
 * One POST, its reply read to the end. It dispatches by itself, since `request` of undici brings a
 * readable stream for every reply, which costs more than all the rest.
 */
export function exchange(
  dispatcher: Dispatcher,
  options: Pick<Dispatcher.DispatchOptions, 'path' | 'headers' | 'body'>,
  ms: number,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let first: Buffer | undefined;
    let parts: Buffer[] | undefined;
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      const error = new ExchangeTimeout(ms);
      reject(error);
      controller?.abort(error);
    }, ms);
    dispatcher.dispatch(
      { ...options, method: 'POST', idempotent: false },
      {
        onRequestStart(started) {
          controller = started;
          if (isOver) started.abort(new ExchangeTimeout(ms));
        },
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, part) {
          if (!first) first = part;
          else if (parts) parts.push(part);
          else parts = [first, part];
        },
        onResponseEnd() {
          clearTimeout(timer);
          resolve({ status, body: parts ? Buffer.concat(parts) : (first ?? EMPTY) });
        },
        onResponseError(_controller, error) {
          clearTimeout(timer);
          reject(error);
        },
      },
    );
  });
}

const EMPTY = Buffer.alloc(0);
