import type { Connection } from '@vitrine/platform/pages';
import type { UserErrorValue } from '@vitrine/platform/user-errors';
import type { Application, ApplicationRefusal } from './applications/application.ts';
import type { Shop } from './shops/shop.ts';

/** An entity of another subgraph, pointed at. */
export interface EntityRef {
  readonly id: string;
}

export type ViewerMapper = EntityRef;
export type ProfileMapper = EntityRef;
export type AppMapper = EntityRef;
export type { Market as MarketMapper } from '@vitrine/markets/market';
export type {
  Application as ShopApplicationMapper,
  RejectionReason as RejectionReasonMapper,
  ReturnAddress as ReturnAddressMapper,
} from './applications/application.ts';
export type { Shop as ShopMapper } from './shops/shop.ts';
export type ShopConnectionMapper = Connection<Shop>;
export type ShopEdgeMapper = ShopConnectionMapper['edges'][number];
export type ShopApplicationConnectionMapper = Connection<Application>;
export type ShopApplicationEdgeMapper = ShopApplicationConnectionMapper['edges'][number];
export type InvalidInputErrorMapper = UserErrorValue<'InvalidInputError'>;
export type NotFoundErrorMapper = UserErrorValue<'NotFoundError'>;
export type IdempotencyErrorMapper = UserErrorValue<'IdempotencyError'>;
export interface ShopVersionConflictErrorMapper extends UserErrorValue<'ShopVersionConflictError'> {
  readonly current: Shop;
}
export interface ShopApplicationRefusedErrorMapper
  extends UserErrorValue<'ShopApplicationRefusedError'> {
  readonly refusal: ApplicationRefusal;
}
export interface ShopApplicationVersionConflictErrorMapper
  extends UserErrorValue<'ShopApplicationVersionConflictError'> {
  readonly current: Application;
}
