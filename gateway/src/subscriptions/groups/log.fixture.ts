import { type Ending, type LiveEvent, liveEvent, type Sink } from './live-event.ts';
import type { OpenUpstream, Upstream } from './upstream.ts';

/** How many events an upstream begins with for who brings no cursor. */
export const REPLAYED = 3;

export const cursorAt = (sequence: number): string => `${sequence}-0`;
const sequenceOf = (cursor: string): number => Number(cursor.split('-')[0]);

export const orderedEvent = (sequence: number, retracts = false): LiveEvent =>
  liveEvent({
    cursor: cursorAt(sequence),
    coalescible: null,
    retracts,
    result: { data: { sequence } },
  });

export const pulseEvent = (kind: string, value: number): LiveEvent =>
  liveEvent({ cursor: null, coalescible: kind, retracts: false, result: { data: { value } } });

/** One upstream of a log, that tells its next event when a test says so. */
export interface Reading extends Upstream {
  readonly resumeAfter: string | null;
  readonly isOpen: () => boolean;
  readonly isHeld: () => boolean;
  readonly audience: () => number;
  /** Tells one event; false where there is none, or the reader is not ready for it. */
  step(): boolean;
  pulse(event: LiveEvent): void;
  end(ending: Ending): void;
}

/** The log of a room, and everybody who reads it. */
export function aLog() {
  const entries: LiveEvent[] = [];
  const readings: Reading[] = [];

  const open: OpenUpstream = (resumeAfter, audience, handlers) => {
    let position =
      resumeAfter === null ? Math.max(0, entries.length - REPLAYED) : sequenceOf(resumeAfter);
    let isOpen = true;
    let held: Promise<void> | null = null;
    const tell = (event: LiveEvent) => {
      const ready = handlers.event(event);
      if (!ready) return;
      const waiting = ready.then(() => {
        if (held === waiting) held = null;
      });
      held = waiting;
    };
    const reading: Reading = {
      resumeAfter,
      audience,
      isOpen: () => isOpen,
      isHeld: () => held !== null,
      close() {
        isOpen = false;
      },
      step() {
        const event = entries[position];
        if (!isOpen || held || !event) return false;
        position += 1;
        tell(event);
        return true;
      },
      pulse(event) {
        if (isOpen && !held) tell(event);
      },
      end(ending) {
        if (!isOpen) return;
        isOpen = false;
        handlers.end(ending);
      },
    };
    readings.push(reading);
    return reading;
  };

  return {
    open,
    readings,
    opened: () => readings.filter((reading) => reading.isOpen()),
    length: () => entries.length,
    say(retracts = false) {
      entries.push(orderedEvent(entries.length + 1, retracts));
    },
    /** Everything that can be told is told. */
    async settle() {
      for (let isBusy = true; isBusy; ) {
        isBusy = false;
        await new Promise((resolve) => setImmediate(resolve));
        for (const reading of readings) while (reading.step()) isBusy = true;
      }
    },
  };
}

/** A client that remembers what it was told. */
export function aClient() {
  const sequences: number[] = [];
  const pulses: number[] = [];
  const endings: Ending[] = [];
  let isReady = true;
  const sink: Sink = {
    next({ coalescible, result }) {
      if (coalescible === null) sequences.push(Number(result.data?.['sequence']));
      else pulses.push(Number(result.data?.['value']));
      return isReady;
    },
    end: (ending) => void endings.push(ending),
  };
  return {
    sink,
    sequences,
    pulses,
    endings,
    setReady(ready: boolean) {
      isReady = ready;
    },
  };
}
