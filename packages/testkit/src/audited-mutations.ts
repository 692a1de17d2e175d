/**
 * What the audit log hears of each mutation that changes a shop, rights, money or stock, or that is
 * an operator's. Held against the graph (`schema/src/audited.test.ts`: no such mutation is missing
 * here) and against every test that runs one with success (`subgraph.ts`: what stands here was
 * recorded).
 */
export type Audited =
  | {
      /** One of these is recorded whenever the mutation succeeds. */
      readonly actions: readonly string[];
      /** When it succeeds and nothing is recorded, beside repeated calls. */
      readonly unless?: string;
    }
  | { readonly not: string };

const sessions =
  'their own session; what an attacker could do with one is recorded where it is done';
const show = 'the room itself keeps it, in order and for good, and shows it to everybody';

export const auditedMutations: Readonly<Record<string, Audited>> = {
  // accounts
  signUp: { not: 'an account begins; nothing of anybody is changed' },
  signIn: { not: sessions },
  refreshSession: { not: sessions },
  signOut: { not: sessions },
  changeProfile: { not: 'how somebody shows themselves, which everybody sees' },
  createWebhook: { actions: ['accounts.webhook-created'] },
  editWebhook: { actions: ['accounts.webhook-edited'] },
  deleteWebhook: { actions: ['accounts.webhook-deleted'] },
  rotateWebhookSecret: { actions: ['accounts.webhook-rekeyed'] },
  pauseWebhook: { actions: ['accounts.webhook-paused'] },
  resumeWebhook: { actions: ['accounts.webhook-resumed'] },
  pingWebhook: { not: 'an app tries out its own endpoint; the log of deliveries has it' },
  replayWebhookDelivery: { not: 'an app is told again what it was told; the log has it' },
  replayWebhookDeliveries: { not: 'an app is told again what it was told; the log has it' },
  verifyEmail: { actions: ['accounts.person-joined'] },
  resendVerification: { not: 'a mail is sent again' },
  requestPasswordReset: { not: 'a mail is sent; what comes of it is recorded' },
  resetPassword: { actions: ['accounts.password-reset'] },
  changePassword: { actions: ['accounts.password-changed'] },
  changeEmail: { not: 'a mail is sent; what comes of it is recorded' },
  confirmEmailChange: { actions: ['accounts.email-changed'] },
  enrolSecondFactor: { not: 'nothing is needed to sign in until it is confirmed' },
  confirmSecondFactor: { actions: ['accounts.second-factor-enrolled'] },
  disableSecondFactor: { actions: ['accounts.second-factor-disabled'] },
  endSession: { actions: ['accounts.sessions-ended'], unless: 'it had ended before' },
  impersonate: { actions: ['accounts.person-impersonated'] },
  revokeApp: { actions: ['accounts.app-revoked'] },
  revokeShopApp: { actions: ['accounts.app-revoked'] },
  requestDataExport: { actions: ['accounts.export-requested'] },
  eraseAccount: { actions: ['accounts.account-erased'] },
  changePreferences: { not: 'what somebody wants to be shown, themselves alone' },
  requestPictureUpload: { not: 'how somebody shows themselves, which everybody sees' },
  addShopStaff: { actions: ['accounts.staff-added'] },
  removeShopStaff: { actions: ['accounts.staff-removed'] },
  changeShopStaffRole: {
    actions: ['accounts.staff-changed'],
    unless: 'they have that role already',
  },
  transferShopOwnership: { actions: ['accounts.staff-changed'] },
  inviteShopStaff: { actions: ['accounts.invitation-sent'] },
  revokeShopInvitation: {
    actions: ['accounts.invitation-revoked'],
    unless: 'it was taken back before',
  },
  acceptShopInvitation: {
    actions: ['accounts.invitation-accepted'],
    unless: 'they had accepted it before',
  },
  declineShopInvitation: {
    actions: ['accounts.invitation-declined'],
    unless: 'they had declined it before',
  },
  // shops
  applyForShop: { actions: ['shops.application-drafted', 'shops.application-submitted'] },
  resubmitShopApplication: { actions: ['shops.application-submitted'] },
  claimShopApplication: { actions: ['shops.application-claimed'] },
  reviewShopApplication: { actions: ['shops.application-approved', 'shops.application-rejected'] },
  editShop: { actions: ['shops.shop-edited'] },
  // catalog
  createProduct: { actions: ['catalog.product-created'] },
  editProduct: { actions: ['catalog.product-edited'] },
  publishProduct: { actions: ['catalog.product-published'] },
  deactivateProduct: { actions: ['catalog.product-deactivated'] },
  activateProduct: { actions: ['catalog.product-activated'] },
  deleteProduct: { actions: ['catalog.product-deleted'] },
  // logistics
  createWarehouse: { actions: ['logistics.warehouse-created'] },
  setStock: { actions: ['logistics.stock-set'] },
  adjustStock: { actions: ['logistics.stock-adjusted'] },
  shipPackage: { actions: ['logistics.package-shipped'] },
  recordTrackingEvent: { actions: ['logistics.package-tracked'] },
  // orders
  cancelOrder: {
    actions: ['orders.order-cancelled'],
    unless: 'the buyer cancels, whose order it is',
  },
  // affiliate
  openCollaboration: { actions: ['affiliate.collaboration-opened'] },
  changeCommission: { actions: ['affiliate.collaboration-repriced'] },
  closeCollaboration: { actions: ['affiliate.collaboration-closed'] },
  joinCollaboration: { actions: ['affiliate.collaboration-joined'] },
  // social
  addModerator: { actions: ['social.moderator-added'], unless: 'they moderate the room already' },
  muteViewer: { actions: ['social.viewer-muted'], unless: 'they are muted already' },
  deleteComment: {
    actions: ['social.comment-removed'],
    unless: 'it is their own, or deleted already',
  },
  addToBag: { not: show },
  removeFromBag: { not: show },
  reorderBag: { not: show },
  pinCard: { not: show },
  unpinCard: { not: show },
  scheduleLiveRoom: { not: show },
  startLiveRoom: { not: show },
  pauseLiveRoom: { not: show },
  endLiveRoom: { not: show },
  postComment: { not: 'what somebody says, under their name' },
  publishVideo: { not: 'what somebody shows, under their name' },
};

interface Answer {
  readonly userErrors?: readonly unknown[];
  readonly replayed?: boolean;
}

/** Whether an answer tells for sure that something was done by this very call. */
const isDone = ({ userErrors, replayed }: Answer, canReplay: boolean): boolean =>
  userErrors?.length === 0 && (!canReplay || replayed === false);

/**
 * What a successful operation should have recorded and did not; null where nothing is missing, or
 * where the operation did not ask for what tells. `data` is that of mutations by their own names.
 */
export function forgottenBy(
  data: Readonly<Record<string, unknown>>,
  recorded: readonly string[],
  canReplay: (field: string) => boolean,
): string | null {
  for (const [field, value] of Object.entries(data)) {
    const entry = Object.hasOwn(auditedMutations, field) ? auditedMutations[field] : undefined;
    if (!entry || !('actions' in entry) || entry.unless !== undefined) continue;
    const answer = (value ?? {}) as Answer; // a payload, which the conventions of the graph give its shape
    if (!isDone(answer, canReplay(field))) continue;
    if (!entry.actions.some((action) => recorded.includes(action))) {
      return `${field} succeeded and recorded none of ${entry.actions.join(', ')}`;
    }
  }
  return null;
}
