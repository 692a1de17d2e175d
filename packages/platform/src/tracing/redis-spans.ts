import { tracingChannel } from 'node:diagnostics_channel';
import { failSpan, type Span, SpanKind, startChildSpan } from './spans.ts';

/** What ioredis tells of a command. Its arguments hold people's data and stay out of spans. */
interface RedisCommand {
  readonly command: string;
  readonly database: number;
  readonly error?: unknown;
}

/** Spans of Redis commands within work that is traced; the function it returns ends that. */
export function traceRedis(): () => void {
  const spans = new WeakMap<object, Span>();
  const end = (message: object): void => {
    spans.get(message)?.end();
    spans.delete(message);
  };
  const subscribers = {
    start(message: object): void {
      const { command, database } = message as RedisCommand; // by ioredis's `CommandTraceContext`
      const span = startChildSpan(`redis ${command.toLowerCase()}`, {
        kind: SpanKind.CLIENT,
        attributes: {
          'db.system.name': 'redis',
          'db.namespace': String(database),
          'db.operation.name': command.toLowerCase(),
        },
      });
      if (span) spans.set(message, span);
    },
    end: (): void => {},
    asyncStart: (): void => {},
    asyncEnd: end,
    error(message: object): void {
      const span = spans.get(message);
      // Put there by the channel.
      if (span) failSpan(span, (message as RedisCommand).error);
    },
  };
  const channel = tracingChannel<object>('ioredis:command');
  channel.subscribe(subscribers);
  return () => channel.unsubscribe(subscribers);
}
