import { randomUUID } from 'node:crypto';
import { shopAnswers } from '../props.ts';
import { anyPerson, only, operator, type Row, staff } from '../row.ts';

/** Never the version of anything, so that what is allowed changes nothing. */
const OLD = 9_999;

const ofTheShop = ['owner', 'manager'] as const;
const allStaff = ['owner', 'manager', 'agent'] as const;

const onProduct = (more: object = {}): Row =>
  staff(ofTheShop, {
    scope: 'products:write',
    names: 'productId',
    // They may see the draft.
    agent: 'FORBIDDEN',
    input: ({ ids }) => ({ productId: ids.draft, expectedVersion: OLD, ...more }),
  });

const onCollaboration = (more: object = {}): Row =>
  staff(ofTheShop, {
    scope: 'collaborations:write',
    elsewhere: 'FORBIDDEN',
    input: ({ ids }) => ({ collaborationId: ids.collaboration, expectedVersion: OLD, ...more }),
  });

export const selling: Readonly<Record<string, Row>> = {
  'Mutation.createProduct': staff(ofTheShop, {
    scope: 'products:write',
    elsewhere: 'FORBIDDEN',
    names: 'shopId',
    input: ({ ids }) => ({
      idempotencyKey: randomUUID(),
      shopId: ids.shop,
      defaultLanguage: 'en',
      texts: [{ language: 'en', title: 'Scarf', description: 'Warm.' }],
      images: [],
      variants: [],
    }),
  }),
  'Mutation.editProduct': onProduct({ category: 'fashion' }),
  'Mutation.publishProduct': onProduct(),
  'Mutation.deactivateProduct': onProduct(),
  'Mutation.activateProduct': onProduct(),
  'Mutation.deleteProduct': onProduct(),
  'Mutation.openCollaboration': staff(ofTheShop, {
    scope: 'collaborations:write',
    elsewhere: 'FORBIDDEN',
    input: ({ ids }) => ({ productId: ids.product, commissionBps: 1_000 }),
  }),
  'Mutation.changeCommission': onCollaboration({ commissionBps: 1_000 }),
  'Mutation.closeCollaboration': onCollaboration(),
  'Mutation.setStock': staff(ofTheShop, {
    scope: 'stock:write',
    names: 'warehouseId',
    input: ({ ids }) => ({
      warehouseId: ids.warehouse,
      variantId: ids.variant,
      onHand: 1_000,
      expectedVersion: OLD,
      idempotencyKey: randomUUID(),
    }),
  }),
  'Mutation.adjustStock': staff(ofTheShop, {
    scope: 'stock:write',
    names: 'warehouseId',
    input: ({ ids }) => ({
      warehouseId: ids.warehouse,
      variantId: ids.variant,
      delta: 1,
      idempotencyKey: randomUUID(),
    }),
  }),
  'Mutation.createWarehouse': staff(ofTheShop, {
    scope: 'stock:write',
    elsewhere: 'FORBIDDEN',
    names: 'shopId',
    input: ({ ids }) => ({
      shopId: ids.shop,
      name: '',
      market: 'GB',
      address: { line1: '1 High Street', city: 'Town', postalCode: 'AB1 2CD' },
    }),
  }),
  'Mutation.shipPackage': staff(allStaff, {
    scope: 'orders:fulfil',
    names: 'packageId',
    input: ({ ids }) => ({
      packageId: ids.package,
      trackingNumber: 'TRACK123',
      carrier: 'Royal Mail',
      idempotencyKey: randomUUID(),
    }),
  }),
  'Mutation.recordTrackingEvent': staff(allStaff, {
    scope: 'orders:fulfil',
    but: {
      operator: 'ALLOWED',
      'operator without a second factor': 'SECOND_FACTOR_REQUIRED',
    },
    names: 'packageId',
    input: ({ ids }) => ({
      packageId: ids.package,
      status: 'IN_TRANSIT',
      occurredAt: new Date().toISOString(),
      idempotencyKey: randomUUID(),
    }),
  }),
  'Mutation.editShop': staff(ofTheShop, {
    scope: 'shop:write',
    elsewhere: 'FORBIDDEN',
    names: 'shopId',
    input: ({ ids }) => ({ shopId: ids.shop, expectedVersion: OLD, name: 'Another name' }),
  }),
  'Mutation.applyForShop': anyPerson({
    scope: 'applications:write',
    input: () => ({
      idempotencyKey: randomUUID(),
      answers: { ...shopAnswers, shopName: '' },
      isDraft: false,
    }),
  }),
  'Mutation.resubmitShopApplication': only(['buyer'], {
    scope: 'applications:write',
    names: 'applicationId',
    input: ({ ids }) => ({
      applicationId: ids.application,
      expectedVersion: OLD,
      answers: shopAnswers,
    }),
  }),
  'Mutation.claimShopApplication': operator({
    names: 'applicationId',
    input: ({ ids }) => ({ applicationId: ids.application, expectedVersion: OLD }),
  }),
  'Mutation.reviewShopApplication': operator({
    names: 'applicationId',
    input: ({ ids }) => ({
      applicationId: ids.application,
      expectedVersion: OLD,
      decision: 'APPROVE',
      reasons: [],
    }),
  }),
};
