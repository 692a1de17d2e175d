import { randomUUID } from 'node:crypto';
import type { TestSubgraph } from '@vitrine/testkit/subgraph';
import { anApp, aViewer } from '@vitrine/testkit/viewers';
import { expect } from 'vitest';
import { appModel } from '../apps/app.model.ts';

export const developer = aViewer({ userId: 'usr_dev' });
export const app = anApp({ userId: 'tpa_1', appId: 'tpa_1', scopes: ['webhooks:manage'] });
const REFUSALS = '__typename ... on UserError { code path }';
const WEBHOOK = `id url topics state pauseReason version includeFields previousSecretUntil
  filter { shopIds conditions { path operator values } }`;
export const documents = {
  create: `mutation ($input: CreateWebhookInput!) { answer: createWebhook(input: $input) {
    webhook { ${WEBHOOK} } secret replayed userErrors { ${REFUSALS} } } }`,
  edit: `mutation ($input: EditWebhookInput!) { answer: editWebhook(input: $input) {
    webhook { ${WEBHOOK} } userErrors { ${REFUSALS} } } }`,
  remove: `mutation ($input: DeleteWebhookInput!) { answer: deleteWebhook(input: $input) {
    deletedWebhookId userErrors { ${REFUSALS} } } }`,
  rotate: `mutation ($input: RotateWebhookSecretInput!) { answer: rotateWebhookSecret(input: $input) {
    webhook { ${WEBHOOK} } secret userErrors { ${REFUSALS} } } }`,
  pause: `mutation ($input: PauseWebhookInput!) { answer: pauseWebhook(input: $input) {
    webhook { ${WEBHOOK} } userErrors { ${REFUSALS} } } }`,
  resume: `mutation ($input: ResumeWebhookInput!) { answer: resumeWebhook(input: $input) {
    webhook { ${WEBHOOK} } userErrors { ${REFUSALS} } } }`,
  ping: `mutation ($input: PingWebhookInput!) { answer: pingWebhook(input: $input) {
    delivery { id topic state requestBody nextAttemptAt } userErrors { ${REFUSALS} } } }`,
  replay: `mutation ($input: ReplayWebhookDeliveryInput!) { answer: replayWebhookDelivery(input: $input) {
    delivery { id state } userErrors { ${REFUSALS} } } }`,
  replayAll: `mutation ($input: ReplayWebhookDeliveriesInput!) { answer: replayWebhookDeliveries(input: $input) {
    count userErrors { ${REFUSALS} } } }`,
};
export const LOG = `query ($id: ID!, $filter: WebhookDeliveryFilter) { app(id: "tpa_1") { webhook(id: $id) {
  deliveries(first: 10, filter: $filter) { nodes { id topic entityId state requestBody attempts {
    status answer failure durationMs requestHeaders { name value } } } } } } }`;

export const wish = (overrides: object = {}) => ({
  url: 'https://hooks.example/vitrine',
  topics: ['order.placed'],
  idempotencyKey: randomUUID(),
  ...overrides,
});

export async function withApp({ services }: TestSubgraph): Promise<void> {
  await appModel(services.db).create({
    _id: 'tpa_1',
    name: 'Stock Robot',
    description: 'Counts.',
    homepageUrl: 'https://robot.example',
    iconUrl: null,
    redirectUris: [],
    scopes: ['orders:read'],
    developerUserId: developer.userId,
    kind: 'CONFIDENTIAL',
    secrets: [],
    version: 1,
    createdAt: services.clock(),
  });
}

export const run = async (
  subgraph: TestSubgraph,
  name: keyof typeof documents,
  input: object,
  viewer: Parameters<TestSubgraph['execute']>[2] = app,
) => {
  const result = await subgraph.execute(documents[name], { input }, viewer);
  if (result.errors) throw result.errors[0];
  return result.data?.['answer'];
};

export async function created(subgraph: TestSubgraph, overrides: object = {}) {
  await withApp(subgraph);
  const { webhook, userErrors } = await run(subgraph, 'create', wish(overrides));
  expect(userErrors).toEqual([]);
  return webhook;
}
