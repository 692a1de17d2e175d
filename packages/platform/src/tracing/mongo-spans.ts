import type { mongo } from 'mongoose';
import { failSpan, type Span, SpanKind, startChildSpan } from './spans.ts';

/**
 * A span for each command that the driver sends within work that is traced. The client must have
 * been opened with `monitorCommands`. What a command asks for holds people's data and stays out.
 */
export function traceCommands(client: mongo.MongoClient): void {
  const running = new Map<number, Span>();

  client.on('commandStarted', ({ requestId, commandName, databaseName, command }) => {
    const collection: unknown = command[commandName];
    const target = typeof collection === 'string' ? ` ${collection}` : '';
    const span = startChildSpan(`mongodb ${commandName}${target}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        'db.system.name': 'mongodb',
        'db.namespace': databaseName,
        'db.operation.name': commandName,
        ...(typeof collection === 'string' ? { 'db.collection.name': collection } : {}),
      },
    });
    if (span) running.set(requestId, span);
  });
  client.on('commandSucceeded', ({ requestId }) => {
    running.get(requestId)?.end();
    running.delete(requestId);
  });
  client.on('commandFailed', ({ requestId, failure }) => {
    const span = running.get(requestId);
    if (!span) return;
    failSpan(span, failure);
    span.end();
    running.delete(requestId);
  });
}
