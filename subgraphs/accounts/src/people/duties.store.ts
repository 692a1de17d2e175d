import { audit } from '@vitrine/platform/audit';
import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { tellGateways } from '../sessions/rights.redis.ts';
import { personStore } from './person.store.ts';
import type { Duty, Person } from './person.ts';
import { normalisedEmail } from './person-input.ts';

/**
 * Entrusts somebody with exactly these duties; none makes them an operator no more. It counts at
 * once, on open connections too. There is no mutation for it: nobody on the platform gives duties,
 * their own least of all. Null where no account has the address.
 */
export async function entrust(
  services: Services,
  address: string,
  duties: readonly Duty[],
): Promise<Person | null> {
  const people = personStore(services);
  const tell = tellGateways(services);
  const known = await people.findCredentials(normalisedEmail(address));
  if (!known) return null;
  const { id, duties: before } = known.person;
  await transact(services, async (tx) => {
    await people.setDuties(id, duties, tx);
    tell.changed(tx, id);
    audit(tx, {
      action: 'accounts.duties-entrusted',
      subject: { type: 'Viewer', id },
      userId: id,
      before: { duties: before },
      after: { duties },
    });
  });
  const [after] = await people.findMany([id]);
  return after ?? null;
}
