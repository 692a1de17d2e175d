import type { AuditActor } from '@vitrine/events/audit';
import type { Connection } from '@vitrine/platform/pages';
import type { UserErrorValue } from '@vitrine/platform/user-errors';
import type { App, AppRefusal } from './apps/app.ts';
import type { ShownEntry } from './audit/audit-list.ts';
import type { Grant } from './grants/grant.ts';
import type { InvitationRefusal } from './invitations/invitation.ts';
import type { Membership, StaffRefusal } from './memberships/membership.ts';
import type { Person, PersonRefusal } from './people/person.ts';
import type { Preferences } from './preferences/preferences.ts';
import type { DataExport } from './privacy/data-export.ts';
import type { EraseRefusal, Erasure } from './privacy/erasure.ts';
import type { SecondFactorRefusal } from './second-factor/second-factor.ts';
import type { Session, SessionRefusal } from './sessions/session.ts';
import type { VerificationRefusal } from './verification/proof.ts';

/** An entity of another subgraph, pointed at. */
export interface EntityRef {
  readonly id: string;
}

export type AppMapper = App;
export type AppRegistrationMapper = App;
export type AppConnectionMapper = Connection<App>;
export type AppEdgeMapper = AppConnectionMapper['edges'][number];
export interface AppRefusedErrorMapper extends UserErrorValue<'AppRefusedError'> {
  readonly refusal: AppRefusal;
}
export interface AppVersionConflictErrorMapper extends UserErrorValue<'AppVersionConflictError'> {
  readonly current: App;
}
export type AppGrantMapper = Grant;
export type AppGrantConnectionMapper = Connection<Grant>;
export type AppGrantEdgeMapper = AppGrantConnectionMapper['edges'][number];
export type AuditActorMapper = AuditActor;
export type AuditEntryMapper = ShownEntry;
export type AuditEntryConnectionMapper = Connection<ShownEntry>;
export type AuditEntryEdgeMapper = AuditEntryConnectionMapper['edges'][number];
export type DataExportMapper = DataExport;
export type DataExportRunningErrorMapper = UserErrorValue<'DataExportRunningError'>;
export type ErasureMapper = Erasure;
export interface EraseAccountRefusedErrorMapper extends UserErrorValue<'EraseAccountRefusedError'> {
  readonly refusal: Exclude<Extract<EraseRefusal, string>, 'NO_ACCOUNT'>;
}
export interface ShopsOwnedErrorMapper extends UserErrorValue<'ShopsOwnedError'> {
  readonly shops: EntityRef[];
}
export type ShopMapper = EntityRef;
export type { Invitation as ShopInvitationMapper } from './invitations/invitation.ts';
export type { Membership as ShopMembershipMapper } from './memberships/membership.ts';
export type { Person as ProfileMapper, Person as ViewerMapper } from './people/person.ts';
export type { Preferences as PreferencesMapper } from './preferences/preferences.ts';
export type ShopMembershipConnectionMapper = Connection<Membership>;
export type ShopMembershipEdgeMapper = ShopMembershipConnectionMapper['edges'][number];
export type InvalidInputErrorMapper = UserErrorValue<'InvalidInputError'>;
export type IdempotencyErrorMapper = UserErrorValue<'IdempotencyError'>;
export type NotFoundErrorMapper = UserErrorValue<'NotFoundError'>;
export interface PersonRefusedErrorMapper extends UserErrorValue<'PersonRefusedError'> {
  readonly refusal: PersonRefusal;
}
export interface ProfileVersionConflictErrorMapper
  extends UserErrorValue<'ProfileVersionConflictError'> {
  readonly current: Person;
}
export interface SessionRefusedErrorMapper extends UserErrorValue<'SessionRefusedError'> {
  readonly refusal: SessionRefusal;
}
export type SessionMapper = Session;
export type SessionConnectionMapper = Connection<Session>;
export type SessionEdgeMapper = SessionConnectionMapper['edges'][number];
/** The session an operator acts in. */
export type ImpersonationMapper = Session;
export interface TooManyAttemptsErrorMapper extends UserErrorValue<'TooManyAttemptsError'> {
  readonly retryAfterSeconds: number;
}
export interface VerificationRefusedErrorMapper extends UserErrorValue<'VerificationRefusedError'> {
  readonly refusal: VerificationRefusal;
}
export interface SecondFactorRefusedErrorMapper extends UserErrorValue<'SecondFactorRefusedError'> {
  readonly refusal: SecondFactorRefusal;
}
export interface StaffRefusedErrorMapper extends UserErrorValue<'StaffRefusedError'> {
  readonly refusal: StaffRefusal;
}
export interface ShopInvitationRefusedErrorMapper
  extends UserErrorValue<'ShopInvitationRefusedError'> {
  readonly refusal: InvitationRefusal;
}
export type {
  WebhookAttemptMapper,
  WebhookDeliveryConnectionMapper,
  WebhookDeliveryEdgeMapper,
  WebhookDeliveryMapper,
  WebhookMapper,
  WebhookRefusedErrorMapper,
  WebhookVersionConflictErrorMapper,
} from './webhook-deliveries/webhook.mappers.ts';
export interface PreferencesVersionConflictErrorMapper
  extends UserErrorValue<'PreferencesVersionConflictError'> {
  readonly current: Preferences;
}
