import {
  orderCancelledTopic,
  orderPlacedTopic,
  packageDeliveredTopic,
  packageShippedTopic,
} from './order-topics.ts';
import { contentPublishedTopic, profileChangedTopic } from './person-topics.ts';
import { availabilityChangedTopic, listingChangedTopic, shopOpenedTopic } from './shop-topics.ts';
import type { Topic } from './topic.ts';

/** Every event that integrators can subscribe to, as `Query.webhookTopics` and the reference list them. */
export const topics: readonly Topic[] = [
  orderPlacedTopic,
  orderCancelledTopic,
  packageShippedTopic,
  packageDeliveredTopic,
  listingChangedTopic,
  availabilityChangedTopic,
  shopOpenedTopic,
  contentPublishedTopic,
  profileChangedTopic,
];

export const topicOf = (name: string): Topic | null =>
  topics.find((topic) => topic.name === name) ?? null;

/** Topics that may be made of a fact, in the order of the table. */
export const topicsOfFact = (factType: string): readonly Topic[] =>
  topics.filter((topic) => topic.factType === factType);
