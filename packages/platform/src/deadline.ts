import type { FastifyInstance, FastifyReply } from 'fastify';

/** How long somebody still waits for the answer, in whole milliseconds. */
export const DEADLINE_HEADER = 'x-vitrine-deadline-ms';

/** The code of the only error in an answer that came too late, or was not begun. */
export const DEADLINE_EXCEEDED = 'DEADLINE_EXCEEDED';

/** Clocks differ between machines, so a request carries what is left; this is when that is over. */
export function deadlineOf(
  headers: Readonly<Record<string, unknown>>,
  now: number,
): number | undefined {
  const given = headers[DEADLINE_HEADER];
  if (typeof given !== 'string' || !/^-?\d{1,9}$/.test(given)) return undefined;
  return now + Number(given);
}

/**
 * Refuses requests that nobody waits for any more, before they are read, and answers at the deadline
 * those that are still being worked on. What a resolver has begun by then runs to its end.
 */
export function keepDeadlines(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const now = Date.now();
    const deadline = deadlineOf(request.headers, now);
    if (deadline === undefined) return done();
    if (deadline <= now) return refuse(reply);
    const timer = setTimeout(() => {
      if (!reply.sent) refuse(reply);
    }, deadline - now);
    reply.raw.once('close', () => clearTimeout(timer));
    done();
  });
}

function refuse(reply: FastifyReply): void {
  void reply.code(503).send({
    errors: [
      {
        message: 'Nobody waits for this answer any more.',
        extensions: { code: DEADLINE_EXCEEDED },
      },
    ],
  });
}
