import { connectionOf, readPage } from '@vitrine/platform/pages';
import { idempotencyError, invalidInput, notFound } from '@vitrine/platform/user-errors';
import { isOperatorFor, isStaffOf, requireViewer, type Viewer } from '@vitrine/platform/viewer';
import type { Resolvers } from '../generated.ts';
import type { PackageRefusedErrorMapper } from '../mappers.ts';
import type { Package, PackageRefusal } from './package.ts';
import type { PackageCommandRefusal } from './ship-package.ts';

const messages: Record<PackageRefusal, string> = {
  PACKAGE_CANCELLED: 'The order was cancelled; keep the goods.',
  ALREADY_SHIPPED: 'A carrier has this parcel already.',
  NOT_SHIPPED: 'No carrier has this parcel yet; ship it first.',
  TOO_MANY_EVENTS: 'This parcel takes no more reports.',
};

const refused = (refusal: PackageRefusal): PackageRefusedErrorMapper => ({
  __typename: 'PackageRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal],
  path: ['input', 'packageId'],
  retryable: false,
});

function errorsOf(refusal: PackageCommandRefusal) {
  switch (refusal.kind) {
    case 'INVALID':
      return refusal.problems.map(invalidInput);
    case 'NOT_FOUND':
      return [notFound('The parcel', ['packageId'])];
    case 'IDEMPOTENCY':
      return [idempotencyError(refusal.code)];
    case 'REFUSED':
      return [refused(refusal.refusal)];
  }
}

const isOperator = (viewer: Viewer | null): boolean => isOperatorFor(viewer, 'REVIEWS');

/** Sees where goods lie and what carriers say word for word. */
const worksWith = (viewer: Viewer | null, { shopId }: Package): boolean =>
  isStaffOf(viewer, shopId) || isOperator(viewer);

const maySee = (viewer: Viewer | null, parcel: Package): boolean =>
  worksWith(viewer, parcel) || viewer?.userId === parcel.buyerId;

export const packageResolvers: Resolvers = {
  Order: {
    __resolveReference: ({ id }) => ({ id }),
    async packages({ id }, _args, { viewer, loaders }) {
      const parcels = await loaders.packagesByOrder.load(id);
      return parcels.filter((parcel) => maySee(viewer, parcel));
    },
  },
  Shop: {
    async packages({ id }, { states, createdSince, ...args }, { viewer, packages }) {
      if (!isStaffOf(viewer, id) && !isOperator(viewer)) return null;
      const page = readPage(args);
      const filter = { states: states ?? null, createdSince: createdSince ?? null };
      const rows = await packages.pageOfShop(id, filter, page);
      return connectionOf(page, rows, (parcel) => [parcel.id]);
    },
  },
  Package: {
    async __resolveReference({ id }, { viewer, loaders }) {
      const parcel = await loaders.packageById.load(id);
      return parcel && maySee(viewer, parcel) ? parcel : null;
    },
    order: ({ orderId }) => ({ id: orderId }),
    shop: ({ shopId }) => ({ id: shopId }),
    carrier: ({ shipment }) => shipment?.carrier ?? null,
    trackingNumber: ({ shipment }) => shipment?.trackingNumber ?? null,
    shippedAt: ({ shipment }) => shipment?.shippedAt ?? null,
    lines: (parcel, _args, { viewer }) =>
      parcel.lines.map((line) =>
        worksWith(viewer, parcel) ? line : { ...line, warehouseId: null },
      ),
    trackingEvents: (parcel, _args, { viewer }) =>
      parcel.trackingEvents.map((event) =>
        worksWith(viewer, parcel) ? event : { ...event, raw: null },
      ),
  },
  PackageLine: {
    orderLine: ({ orderLineId }) => ({ id: orderLineId }),
    variant: ({ variantId }) => ({ id: variantId }),
    warehouse: ({ warehouseId }, _args, { loaders }) =>
      warehouseId === null ? null : loaders.warehouseById.load(warehouseId),
  },
  Mutation: {
    async shipPackage(_root, { input }, { viewer, shipPackage }) {
      const { userId } = requireViewer(viewer);
      const outcome = await shipPackage({ ...input, userId }, ({ shopId }) =>
        isStaffOf(viewer, shopId),
      );
      if (!outcome.ok) {
        return { package: null, userErrors: errorsOf(outcome.refusal), replayed: false };
      }
      const { package: parcel, isReplayed } = outcome.value;
      return { package: parcel, userErrors: [], replayed: isReplayed };
    },
    async recordTrackingEvent(_root, { input }, { viewer, recordTrackingEvent }) {
      const { userId } = requireViewer(viewer);
      const outcome = await recordTrackingEvent({ ...input, userId }, (parcel) =>
        worksWith(viewer, parcel),
      );
      if (!outcome.ok) {
        return { package: null, userErrors: errorsOf(outcome.refusal), replayed: false };
      }
      const { package: parcel, isReplayed } = outcome.value;
      return { package: parcel, userErrors: [], replayed: isReplayed };
    },
  },
};
