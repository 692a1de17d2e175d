import { type Clock, plus, SECOND } from '@vitrine/kernel/clock';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { Attempts, TooManyAttempts } from '../throttling/attempts.ts';

/** A visitor without an account. Nothing is kept of them here: their token says who they are. */
export interface GuestSession {
  readonly guestId: string;
  readonly guestToken: string;
  readonly expiresAt: Date;
}

export interface GuestPorts {
  readonly sign: (guestId: string) => Promise<string>;
  readonly newId: (prefix: 'gst') => string;
  readonly attempts: Pick<Attempts, 'begin'>;
  readonly clock: Clock;
  readonly lifetimeSeconds: number;
}

/** Cheap, so that every visitor may have one; counted by address, so that nobody has millions. */
export const startGuestSession =
  ({ sign, newId, attempts, clock, lifetimeSeconds }: GuestPorts) =>
  async (client: {
    readonly address: string | null;
  }): Promise<Outcome<GuestSession, TooManyAttempts>> => {
    if (client.address !== null) {
      const tooMany = await attempts.begin({
        kind: 'GUEST_SESSION',
        account: client.address,
        address: client.address,
      });
      if (tooMany) return refuse(tooMany);
    }
    const guestId = newId('gst');
    return accept({
      guestId,
      guestToken: await sign(guestId),
      expiresAt: plus(clock(), lifetimeSeconds * SECOND),
    });
  };
