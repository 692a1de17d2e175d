import { payloadSchemaOf } from '@vitrine/events/topics/topic';
import { topics } from '@vitrine/events/topics/topics';
import type { Resolvers } from '../generated.ts';

export const webhookTopicResolvers: Resolvers = {
  Query: {
    webhookTopics: () =>
      topics.map((topic) => ({
        name: topic.name,
        version: topic.version,
        description: topic.description,
        scope: topic.scope,
        payloadSchema: JSON.stringify(payloadSchemaOf(topic)),
        example: JSON.stringify(topic.example),
      })),
  },
};
