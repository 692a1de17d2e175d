import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GraphQLSchema, graphql } from 'graphql';
import { onTestFinished } from 'vitest';

export type Fault = (
  answer: HonestAnswer,
  response: ServerResponse,
  request: IncomingMessage,
) => unknown;

/** What the subgraph would have said; a fault may change it and say it, or do something else. */
export interface HonestAnswer {
  data?: Record<string, unknown> | null;
  errors?: unknown;
}

export interface FaultySubgraph {
  readonly url: string;
  /** Every request is treated so from now on; null for honestly. */
  fault: Fault | null;
  /** How many requests it was sent. */
  asked: number;
}

export const say = (response: ServerResponse, answer: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
};

/** A real server over a real schema that can be made to misbehave. */
export async function startFaultySubgraph(schema: GraphQLSchema): Promise<FaultySubgraph> {
  const subgraph = { url: '', fault: null as Fault | null, asked: 0 };
  const listener: RequestListener = async (request, response) => {
    subgraph.asked += 1;
    let text = '';
    for await (const part of request) text += String(part);
    const { query, variables } = JSON.parse(text);
    const { data, errors } = await graphql({ schema, source: query, variableValues: variables });
    const answer: HonestAnswer = {
      ...(data === undefined ? {} : { data }),
      ...(errors ? { errors } : {}),
    };
    if (subgraph.fault) await subgraph.fault(answer, response, request);
    else say(response, answer);
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo; // listens on TCP
  subgraph.url = `http://127.0.0.1:${port}/graphql`;
  return subgraph;
}
