import type { Services } from '@vitrine/platform/services';
import type { People } from '../people/person.ts';
import {
  addShopStaff,
  changeShopStaffRole,
  removeShopStaff,
  transferShopOwnership,
} from './change-staff.ts';
import { type OnStaffChanged, withStaff } from './staff-book.store.ts';

/** What changes a shop's staff. */
export function openStaff(
  services: Services,
  ports: { readonly people: Pick<People, 'findByHandle'>; readonly onChanged: OnStaffChanged },
) {
  const staff = withStaff(services, ports.onChanged);
  return {
    addShopStaff: addShopStaff(staff, ports.people, services.clock),
    removeShopStaff: removeShopStaff(staff),
    changeShopStaffRole: changeShopStaffRole(staff),
    transferShopOwnership: transferShopOwnership(staff),
  };
}
