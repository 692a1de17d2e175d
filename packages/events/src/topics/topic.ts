import { formatAmount, money } from '@vitrine/kernel/money';
import { z } from 'zod';
import type { FactContract, MoneyValue } from '../fact.ts';

/** Whose affair an event is: an app is told of it when one of them lets it see such things. */
export interface Subject {
  readonly shopIds: readonly string[];
  readonly userIds: readonly string[];
}

export interface PublicEvent<Data extends object = object> {
  readonly subject: Subject;
  readonly data: Data;
}

/**
 * An event that integrators can subscribe to. Its payload is a contract of its own: facts may grow
 * by what the platform needs inside, and integrators see what stands here. It evolves by additions;
 * a change that would break a receiver is a new `version`.
 */
export interface Topic {
  /** `<thing>.<past participle>`, such as `order.placed`. */
  readonly name: string;
  readonly version: number;
  /** What happened, for integrators. */
  readonly description: string;
  /** What the app needs to be granted by whose affair it is. */
  readonly scope: string;
  /** The type of the fact that it is made of. */
  readonly factType: string;
  readonly payload: z.ZodType<object>;
  readonly example: object;
  /** Null where this very fact is no event of the topic. */
  readonly publish: (fact: object) => PublicEvent | null;
}

interface TopicDefinition<Payload extends object, Data extends object> {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly scope: string;
  readonly fact: FactContract<string, Payload>;
  readonly payload: z.ZodType<Data>;
  readonly example: Data;
  readonly publish: (fact: Payload) => PublicEvent<Data> | null;
}

export const defineTopic = <Payload extends object, Data extends object>({
  fact,
  publish,
  ...topic
}: TopicDefinition<Payload, Data>): Topic => ({
  ...topic,
  factType: fact.type,
  // Parsed here, since the table of all topics knows nothing of the type of each one's fact.
  publish: (payload) => publish(fact.payload.parse(payload)),
});

/** Money as the graph shows it. */
export const publicMoney = z.object({
  amount: z.string().describe('A decimal number with all digits of the currency, such as 19.90'),
  currencyCode: z.string().describe('By ISO 4217'),
});

export const toPublicMoney = ({ minor, currencyCode }: MoneyValue) => ({
  amount: formatAmount(money(BigInt(minor), currencyCode)),
  currencyCode,
});

/** The part of JSON Schema (2020-12) that payloads use. */
export interface PayloadSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, PayloadSchema>>;
  readonly items?: PayloadSchema;
  readonly additionalProperties?: PayloadSchema | boolean;
  readonly anyOf?: readonly PayloadSchema[];
}

export const payloadSchemaOf = ({ payload }: Pick<Topic, 'payload'>): PayloadSchema =>
  // What zod writes is JSON Schema, of which this names a part. As an input, so that it says nothing
  // against fields that are added later.
  z.toJSONSchema(payload, { io: 'input' }) as PayloadSchema;
