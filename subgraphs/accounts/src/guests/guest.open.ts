import { GUEST_TOKEN_SECONDS, guestTokens } from '@vitrine/platform/guest-tokens';
import type { Services } from '@vitrine/platform/services';
import { redisAttempts } from '../throttling/attempts.redis.ts';
import { startGuestSession } from './guest.ts';

/** Lets visitors have a cart. */
export const openGuests = (services: Services) => ({
  startGuestSession: startGuestSession({
    sign: guestTokens(services.env.TOKEN_SECRET).sign,
    newId: services.newId,
    attempts: redisAttempts(services),
    clock: services.clock,
    lifetimeSeconds: GUEST_TOKEN_SECONDS,
  }),
});
