import { z } from 'zod';
import { profileChanged } from '../accounts.ts';
import { contentPublished } from '../social.ts';
import { defineTopic } from './topic.ts';

export const contentPublishedTopic = defineTopic({
  name: 'content.published',
  version: 1,
  description: 'A creator published a video or scheduled a live room.',
  scope: 'profile:read',
  fact: contentPublished,
  payload: z.object({
    kind: z.enum(['LIVE_ROOM', 'VIDEO']),
    contentId: z.string().describe('LiveRoom.id or Video.id'),
    authorId: z.string().describe('Profile.id of the creator'),
    market: z.string().describe('By ISO 3166-1 alpha-2'),
  }),
  example: {
    kind: 'VIDEO',
    contentId: 'vid_01JNYZ8V4D0000000000000001',
    authorId: 'usr_01JNYZ8V4D0000000000000001',
    market: 'ID',
  },
  publish: ({ kind, contentId, authorUserId, market }) => ({
    subject: { shopIds: [], userIds: [authorUserId] },
    data: { kind, contentId, authorId: authorUserId, market },
  }),
});

export const profileChangedTopic = defineTopic({
  name: 'profile.changed',
  version: 1,
  description: 'Somebody who uses the app changed how others see them.',
  scope: 'profile:read',
  fact: profileChanged,
  payload: z.object({
    profileId: z.string().describe('Profile.id'),
    displayName: z.string(),
    handle: z.string(),
    avatarUrl: z.string().nullable(),
  }),
  example: {
    profileId: 'usr_01JNYZ8V4D0000000000000001',
    displayName: 'Ayu Lestari',
    handle: 'ayu',
    avatarUrl: null,
  },
  publish: ({ userId, displayName, handle, avatarUrl }) => ({
    subject: { shopIds: [], userIds: [userId] },
    data: { profileId: userId, displayName, handle, avatarUrl },
  }),
});
