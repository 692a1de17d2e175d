import type { Connection } from '@vitrine/platform/pages';
import type { UserErrorValue } from '@vitrine/platform/user-errors';
import type { Collaboration, CollaborationRefusal } from './collaborations/collaboration.ts';
import type { Commission } from './commissions/commission.ts';

/** An entity of another subgraph, pointed at. */
export interface EntityRef {
  readonly id: string;
}

export type { Money as MoneyMapper } from '@vitrine/kernel/money';
export type {
  Collaboration as CollaborationMapper,
  Joined as PartnershipMapper,
} from './collaborations/collaboration.ts';
export type { PostedRate as CommissionCutMapper } from './collaborations/rate.ts';
export type { Commission as CommissionMapper } from './commissions/commission.ts';
export type { Creator as CreatorMapper } from './creators/creator.ts';
export type CollaborationConnectionMapper = Connection<Collaboration>;
export type CommissionConnectionMapper = Connection<Commission>;
export type CollaborationEdgeMapper = CollaborationConnectionMapper['edges'][number];
export type CommissionEdgeMapper = CommissionConnectionMapper['edges'][number];
export type ProductMapper = EntityRef;
export type ProfileMapper = EntityRef;
export type ShopMapper = EntityRef;
export type ViewerMapper = EntityRef;
export type LiveRoomMapper = EntityRef & { readonly __typename: 'LiveRoom' };
export type VideoMapper = EntityRef & { readonly __typename: 'Video' };
export type InvalidInputErrorMapper = UserErrorValue<'InvalidInputError'>;
export type NotFoundErrorMapper = UserErrorValue<'NotFoundError'>;
export type IdempotencyErrorMapper = UserErrorValue<'IdempotencyError'>;
export interface CreatorRefusedErrorMapper extends UserErrorValue<'CreatorRefusedError'> {
  readonly refusal: 'ALREADY_CREATOR';
}
export interface CollaborationRefusedErrorMapper
  extends UserErrorValue<'CollaborationRefusedError'> {
  readonly refusal: CollaborationRefusal;
}
export interface CollaborationVersionConflictErrorMapper
  extends UserErrorValue<'CollaborationVersionConflictError'> {
  readonly current: Collaboration;
}
