import { transact } from '@vitrine/platform/outbox/transact';
import type { Services } from '@vitrine/platform/services';
import { membershipStore } from './memberships/membership.store.ts';
import type { ShopRole } from './memberships/membership.ts';
import { argon2Passwords } from './people/password.argon2.ts';
import { personStore } from './people/person.store.ts';
import type { Duty, Person, Role } from './people/person.ts';
import { normalisedEmail, normalisedPassword } from './people/person-input.ts';
import { secondFactorStore } from './second-factor/second-factor.store.ts';
import { joseSecretBox } from './second-factor/secret-box.jose.ts';
import { sessionStore } from './sessions/session.store.ts';

export interface SeededAccount {
  readonly userId: string;
  readonly email: string;
  readonly displayName: string;
  readonly handle: string;
  readonly avatarUrl?: string | null;
  readonly roles: readonly Role[];
  readonly duties?: readonly Duty[];
  /** A published secret of an authenticator app, in base 32; without one the password alone signs in. */
  readonly oneTimePasswordSecret?: string;
  readonly market?: string | null;
  readonly memberships?: readonly { readonly shopId: string; readonly role: ShopRole }[];
}

const BATCH = 100;

/**
 * Writes ready-made people with the facts that follow from them. All share one password and one
 * hash of it, salt included: 200 hashes would take ten seconds, and the password is published, so
 * there is nothing a salt of their own could protect. Throws when an id, e-mail or handle is taken.
 */
export async function seedAccounts(
  services: Services,
  accounts: readonly SeededAccount[],
  { password }: { readonly password: string },
): Promise<void> {
  const people = personStore(services);
  const memberships = membershipStore(services);
  const secondFactors = secondFactorStore(services, { sessions: sessionStore(services) });
  const secretBox = joseSecretBox(services.env.SECOND_FACTOR_SECRET);
  const passwordHash = await argon2Passwords.hash(normalisedPassword(password));
  const now = services.clock();

  for (let at = 0; at < accounts.length; at += BATCH) {
    const batch = accounts.slice(at, at + BATCH);
    await transact(services, async (tx) => {
      await people.insert(
        batch.map((account) => toPerson(account, now)),
        passwordHash,
        tx,
      );
      for (const { userId, oneTimePasswordSecret: secret } of batch) {
        if (secret === undefined) continue;
        await secondFactors.insert(userId, await secretBox.seal(userId, secret), tx);
      }
      await memberships.insert(
        batch.flatMap(({ userId, memberships: own = [] }) =>
          own.map(({ shopId, role }) => ({ shopId, userId, role, joinedAt: now })),
        ),
        tx,
      );
    });
  }
}

const toPerson = (account: SeededAccount, now: Date): Person => ({
  id: account.userId,
  email: normalisedEmail(account.email),
  handle: account.handle,
  displayName: account.displayName,
  avatarUrl: account.avatarUrl ?? null,
  roles: account.roles,
  duties: account.duties ?? [],
  market: account.market ?? null,
  language: null,
  version: 1,
  createdAt: now,
});
