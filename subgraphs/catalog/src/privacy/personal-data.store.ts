import type { PersonalData } from '@vitrine/platform/privacy/personal-data';

/** Products are their shops'; catalog knows nobody. */
export const personalData: PersonalData = {
  exportOf: () => ({}),
  erase: async () => {},
};
