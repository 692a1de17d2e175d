import type { Ending, LiveEvent, Sink } from './live-event.ts';
import type { Places } from './places.ts';
import { type Recollection, recentEvents } from './recent-events.ts';
import type { OpenUpstream, Upstream } from './upstream.ts';

/** One client's part in a group. */
export interface Member {
  leave(): void;
  /** Its sink takes events again. */
  ready(): void;
  /** The cursor of the last ordered event it was given, or the one it began after. */
  cursor(): string | null;
}

/** Equal subscriptions: one upstream, one execution and one serialisation for all of them. */
export interface Group {
  join(sink: Sink, resumeAfter: string | null): Member;
  /** Goes on where it stands, from another upstream: that of a new schema. */
  swap(open: OpenUpstream): void;
  /** Ends every member. */
  end(ending: Ending): void;
  readonly size: () => number;
}

export interface GroupOptions {
  readonly open: OpenUpstream;
  /** Whether events have cursors to go on after. */
  readonly canResume: boolean;
  readonly recollection: Recollection;
  /** For upstreams of members that catch up, over all groups: each reads one log as fast as it can. */
  readonly places: Places;
  readonly now: () => number;
  /** Nobody can join any more; members that catch up may be there still. */
  readonly onOver: () => void;
  readonly onEmpty: () => void;
}

/** A member, and what it needs until it sees the same as the others. */
interface Seat {
  readonly sink: Sink;
  /** Null once it stands where the group stands. */
  catchUp: CatchUp | null;
  isOpen: boolean;
  /** Called when the sink takes events again. */
  wake: (() => void) | null;
  /** The same, where it has given up its place for others to catch up meanwhile. */
  restart: (() => void) | null;
}

interface CatchUp {
  upstream: Upstream;
  last: string | null;
  /** What it was told from the beginning; null where that must not be told to others. */
  told: LiveEvent[] | null;
}

const none = () => 0;

export function openGroup(options: GroupOptions, resumeAfter: string | null): Group {
  const { canResume, recollection, places, now, onOver, onEmpty } = options;
  let { open } = options;
  let recent = recentEvents(resumeAfter, recollection, now);
  const attached = new Set<Seat>();
  const behind = new Set<Seat>();
  let upstream: Upstream | null = null;
  let isOver = false;
  /** Waits until somebody reads: a group whose every member is slow reads no further. */
  let resume: (() => void) | null = null;

  const size = (): number => attached.size + behind.size;

  const wake = (): void => {
    resume?.();
    resume = null;
  };

  function remove(seat: Seat): boolean {
    if (!seat.isOpen) return false;
    seat.isOpen = false;
    seat.catchUp?.upstream.close();
    seat.wake?.();
    seat.restart = null;
    attached.delete(seat);
    behind.delete(seat);
    wake();
    if (size() === 0) {
      over();
      onEmpty();
    }
    return true;
  }

  function over(): void {
    if (isOver) return;
    isOver = true;
    upstream?.close();
    upstream = null;
    wake();
    onOver();
  }

  function finish(seats: Iterable<Seat>, ending: Ending): void {
    for (const seat of [...seats]) if (remove(seat)) seat.sink.end(ending);
  }

  function start(after: string | null): void {
    let hasBegun = false;
    upstream = open(after, size, {
      event(event) {
        hasBegun = true;
        return deliver(event);
      },
      end(ending) {
        upstream = null;
        const opener = [...attached];
        // A cursor that its subgraph does not know is the fault of who brought it, not of the others.
        const next = ending.kind === 'refused' && !hasBegun ? [...behind][0] : undefined;
        if (next?.catchUp) {
          const { last } = next.catchUp;
          finish(opener, ending);
          if (next.isOpen) restart(next, last);
          return;
        }
        over();
        finish(opener, ending);
      },
    });
  }

  function restart(seat: Seat, after: string | null): void {
    recent = recentEvents(after, recollection, now);
    attach(seat);
    start(after);
  }

  function attach(seat: Seat): void {
    seat.catchUp?.upstream.close();
    seat.catchUp = null;
    seat.wake?.();
    seat.restart = null;
    behind.delete(seat);
    attached.add(seat);
    wake();
  }

  function deliver(event: LiveEvent): Promise<void> | undefined {
    recent.add(event);
    let isSomebodyReady = false;
    for (const seat of attached) if (seat.sink.next(event)) isSomebodyReady = true;
    if (behind.size > 0 && tellThoseBehind(event)) isSomebodyReady = true;
    if (isSomebodyReady || attached.size === 0) return undefined;
    return new Promise((resolve) => {
      resume = resolve;
    });
  }

  /** What has no place in the order, and who has come to stand where the group stands. */
  function tellThoseBehind(event: LiveEvent): boolean {
    let isSomebodyReady = false;
    for (const seat of [...behind]) {
      if (event.coalescible !== null) seat.sink.next(event);
      if (event.retracts && seat.catchUp) seat.catchUp.told = null;
      if (event.cursor !== null && seat.catchUp?.last === event.cursor) {
        join(seat);
        isSomebodyReady = true;
      }
    }
    return isSomebodyReady;
  }

  /** Joins where the seat's last event is known here: what came after it, then all that comes. */
  function join(seat: Seat): boolean {
    const { catchUp } = seat;
    if (!catchUp || isOver) return false;
    const missed = recent.after(catchUp.last);
    if (!missed) return false;
    if (catchUp.told) recent.recall(catchUp.told);
    attach(seat);
    for (const event of missed) seat.sink.next(event);
    return true;
  }

  /** Reads what a member has missed from an upstream of its own, in its turn, until it meets the group. */
  function catchUpFrom(seat: Seat, last: string | null): void {
    behind.add(seat);
    seat.restart = null;
    let reading: Upstream | null = null;
    const read = (): void => {
      // Counted by the group's upstream already, hence `none`.
      reading = open(last, none, {
        event(event) {
          if (event.coalescible !== null || !seat.isOpen) return undefined;
          const isReady = seat.sink.next(event);
          const own = seat.catchUp;
          if (!own) return undefined;
          if (event.cursor !== null) own.last = event.cursor;
          if (event.retracts) own.told = null;
          own.told?.push(event);
          if (own.told && own.told.length > recollection.events) own.told = null;
          if (join(seat) || isReady) return undefined;
          return new Promise((resolve) => {
            seat.wake = resolve;
            if (places.waiting() > 0) makeWay();
          });
        },
        end: (ending) => finish([seat], ending),
      });
    };
    /** Who does not read keeps nobody from reading. */
    const makeWay = (): void => {
      const own = seat.catchUp;
      if (!seat.wake || !own) return;
      own.upstream.close();
      seat.restart = () => catchUpFrom(seat, own.last);
    };
    const leave = places.take(read, makeWay);
    const close = (): void => {
      reading?.close();
      leave();
    };
    seat.catchUp = { last, told: last === null ? [] : null, upstream: { close } };
  }

  function admit(seat: Seat, after: string | null): void {
    if (!upstream) {
      attached.add(seat);
      start(after);
      return;
    }
    const seen = after === null ? recent.history() : recent.after(after);
    if (!canResume || seen) attach(seat);
    else catchUpFrom(seat, after);
    for (const event of seen ?? []) seat.sink.next(event);
    for (const event of recent.newest()) seat.sink.next(event);
  }

  return {
    size,
    join(sink, after) {
      const seat: Seat = { sink, catchUp: null, isOpen: true, wake: null, restart: null };
      admit(seat, after);
      return {
        leave: () => void remove(seat),
        ready() {
          seat.wake?.();
          seat.wake = null;
          seat.restart?.();
          if (!seat.catchUp) wake();
        },
        cursor: () => (seat.catchUp ? seat.catchUp.last : recent.position()),
      };
    },
    swap(next) {
      open = next;
      if (!isOver) {
        upstream?.close();
        wake();
        start(recent.position());
      }
      for (const seat of [...behind]) {
        if (!seat.catchUp) continue;
        seat.catchUp.upstream.close();
        seat.wake?.();
        catchUpFrom(seat, seat.catchUp.last);
      }
    },
    end(ending) {
      over();
      finish([...attached, ...behind], ending);
    },
  };
}
