import { type Clock, DAY, MINUTE } from '@vitrine/kernel/clock';
import { prefixOf } from '@vitrine/kernel/id';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import { type Batch, guestId, type Signal } from '../signals/signal.ts';

/** What a client tells; purchases are not among it, since orders know them. */
export interface TellableEvent {
  readonly kind: Exclude<Signal['kind'], 'PURCHASE'>;
  readonly productId: string;
  readonly market: string;
  readonly at: Date;
  readonly dwellMs?: number | null;
}

export interface RecordEventsCommand {
  /** Null for a guest, who then needs a key. */
  readonly userId: string | null;
  readonly guestKey: string | null;
  readonly batchId: string | null;
  readonly events: readonly TellableEvent[];
}

export interface EventProblem {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

export interface BatchSink {
  append(batches: readonly Batch[]): Promise<void>;
}

const MOST_EVENTS = 100;
/** Printable ASCII without blanks. */
const BATCH_ID = /^[\x21-\x7e]{1,64}$/;
const OLDEST_MS = 30 * DAY;
/** Clocks of phones are off. */
const AHEAD_MS = 5 * MINUTE;

/** Every rule the batch breaks; none when it is sound. */
export function eventProblems(
  { userId, guestKey, batchId, events }: RecordEventsCommand,
  now: Date,
  isMarket: (code: string) => boolean,
): EventProblem[] {
  const problems: EventProblem[] = [];
  const problem = (code: string, message: string, ...path: (string | number)[]) =>
    void problems.push({ code, message, path });

  if (userId === null && !/^[\w-]{16,64}$/.test(guestKey ?? '')) {
    problem(
      'GUEST_KEY_REQUIRED',
      'Without a token a guest key of 16 to 64 letters, digits, - and _ is needed.',
      'guestKey',
    );
  }
  if (batchId !== null && !BATCH_ID.test(batchId)) {
    problem(
      'BATCH_ID_MALFORMED',
      'A batch id is 1 to 64 printable ASCII characters without blanks.',
      'clientBatchId',
    );
  }
  if (events.length === 0) problem('NO_EVENTS', 'A batch has at least one event.', 'events');
  if (events.length > MOST_EVENTS) {
    problem('TOO_MANY_EVENTS', `A batch has at most ${MOST_EVENTS} events.`, 'events');
    return problems;
  }
  events.forEach(({ productId, market, at, dwellMs, kind }, index) => {
    const on = (field: string) => ['events', index, field] as const;
    if (prefixOf(productId) !== 'prd') {
      problem('PRODUCT_ID_MALFORMED', 'This is no id of a product.', ...on('productId'));
    }
    if (!isMarket(market)) {
      problem('UNKNOWN_MARKET', `There is no market ${market}.`, ...on('market'));
    }
    if (at.getTime() > now.getTime() + AHEAD_MS) {
      problem('EVENT_IN_FUTURE', 'This has not happened yet.', ...on('at'));
    } else if (at.getTime() < now.getTime() - OLDEST_MS) {
      problem('EVENT_TOO_OLD', 'This is more than 30 days ago.', ...on('at'));
    }
    if (dwellMs != null && (kind !== 'VIEW' || dwellMs < 0 || dwellMs > DAY)) {
      problem(
        'DWELL_INVALID',
        'A view lasts 0 milliseconds to a day; nothing else lasts.',
        ...on('dwellMs'),
      );
    }
  });
  return problems;
}

/** Takes a batch that `eventProblems` may still find wanting; answers how many events were taken. */
export const recordEvents =
  (sink: BatchSink, clock: Clock, newBatchId: () => string, isMarket: (code: string) => boolean) =>
  async (command: RecordEventsCommand): Promise<Outcome<number, readonly EventProblem[]>> => {
    const problems = eventProblems(command, clock(), isMarket);
    if (problems.length > 0) return refuse(problems);
    await sink.append([
      {
        // A client's ids are its own: they must not meet those of facts.
        id: command.batchId === null ? newBatchId() : `client/${command.batchId}`,
        viewerId: command.userId ?? guestId(command.guestKey ?? ''),
        signals: command.events.map(({ dwellMs = null, ...event }) => ({ ...event, dwellMs })),
      },
    ]);
    return accept(command.events.length);
  };
