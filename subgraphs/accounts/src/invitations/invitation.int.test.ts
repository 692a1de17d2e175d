import { actionRecorded } from '@vitrine/events/audit';
import { DAY } from '@vitrine/kernel/clock';
import { subgraphTest, type TestSubgraph } from '@vitrine/testkit/subgraph';
import { aViewer } from '@vitrine/testkit/viewers';
import { describe, expect } from 'vitest';
import { accounts } from '../index.ts';
import { type MailRow, mailModel } from '../mail/mail.model.ts';
import { membershipModel } from '../memberships/membership.model.ts';
import { seedAccounts } from '../seed.ts';
import { MAX_INVITATIONS_A_DAY } from './invitation.ts';

const test = subgraphTest(accounts);
const shopId = 'shp_01JNYZ8V4D000000000000SH0P';
const people = {
  owner: 'usr_01JNYZ8V4D000000000000WNER',
  agent: 'usr_01JNYZ8V4D00000000000AGENT',
  ann: 'usr_01JNYZ8V4D0000000000000ANN',
  eve: 'usr_01JNYZ8V4D0000000000000EVE',
};
type Name = keyof typeof people;
/** With a token of the owner, or of nobody's staff. */
const as = (name: Name) =>
  aViewer({
    userId: people[name],
    memberships: name === 'owner' ? [{ shopId, role: 'OWNER' }] : [],
  });

const seed = (subgraph: TestSubgraph) =>
  seedAccounts(
    subgraph.services,
    (Object.keys(people) as Name[]).map((name) => ({
      userId: people[name],
      email: `${name}@example.com`,
      displayName: name,
      handle: `the.${name}`,
      roles: ['BUYER'],
      memberships:
        name === 'owner'
          ? [{ shopId, role: 'OWNER' }]
          : name === 'agent'
            ? [{ shopId, role: 'AGENT' }]
            : [],
    })),
    { password: 'correct horse' },
  );

const payloads = {
  inviteShopStaff: ['InviteShopStaffInput', 'invitation { id email role state }'],
  revokeShopInvitation: ['RevokeShopInvitationInput', 'invitation { id state }'],
  acceptShopInvitation: ['AnswerShopInvitationInput', 'membership { role shop { id } }'],
  declineShopInvitation: ['AnswerShopInvitationInput', 'invitation { state }'],
} as const;

async function run(
  subgraph: TestSubgraph,
  field: keyof typeof payloads,
  input: object,
  name: Name = 'owner',
) {
  const [type, fields] = payloads[field];
  const { data, errors } = await subgraph.execute(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${fields}
      userErrors { ... on UserError { code path retryable } } } }`,
    { input },
    as(name),
  );
  return { ...data?.[field], thrown: errors?.[0]?.extensions['code'] };
}

const invite = (subgraph: TestSubgraph, email = 'ann@example.com', name: Name = 'owner') =>
  run(subgraph, 'inviteShopStaff', { shopId, email, role: 'MANAGER' }, name);

/** The code in the newest mail to an address. */
async function codeTo(subgraph: TestSubgraph, to: string): Promise<string> {
  const mail = await mailModel(subgraph.services.db)
    .findOne({ to })
    .sort({ _id: -1 })
    .lean<MailRow>();
  return /^[\w-]{43}$/m.exec(mail?.text ?? '')?.[0] ?? '';
}

const roleOf = async (subgraph: TestSubgraph, name: Name) =>
  (await membershipModel(subgraph.services.db).findOne({ shopId, userId: people[name] }).lean())
    ?.role ?? null;

const listOf = async (subgraph: TestSubgraph, name: Name) => {
  const { data } = await subgraph.execute(
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Shop { invitations { email state } } } }',
    { r: [{ __typename: 'Shop', id: shopId }] },
    as(name),
  );
  return data?.['_entities'][0].invitations;
};

describe('an invitation', () => {
  test('comes by mail and makes staff of whoever accepts it, once', async ({ subgraph }) => {
    await seed(subgraph);
    const { invitation } = await invite(subgraph, ' Ann@Example.com ');
    expect(invitation).toMatchObject({ email: 'ann@example.com', role: 'MANAGER', state: 'OPEN' });
    const token = await codeTo(subgraph, 'ann@example.com');

    const first = await run(subgraph, 'acceptShopInvitation', { token }, 'ann');
    const again = await run(subgraph, 'acceptShopInvitation', { token }, 'ann');

    expect(first.membership).toEqual({ role: 'MANAGER', shop: { id: shopId } });
    expect(again).toEqual(first);
    expect(await roleOf(subgraph, 'ann')).toBe('MANAGER');
    expect(await listOf(subgraph, 'owner')).toEqual([]);
    expect((await subgraph.emitted(actionRecorded)).map(({ action }) => action)).toEqual([
      'accounts.invitation-sent',
      'accounts.invitation-accepted',
      'accounts.staff-added',
    ]);
    expect(JSON.stringify(await subgraph.emitted(actionRecorded))).not.toContain('ann@');
  });

  test('is of no use to another account, who does not even see it', async ({ subgraph }) => {
    await seed(subgraph);
    await invite(subgraph);
    const token = await codeTo(subgraph, 'ann@example.com');
    const look = async (name: Name) =>
      (
        await subgraph.execute(
          'query ($token: String!) { shopInvitation(token: $token) { role shop { id } } }',
          { token },
          as(name),
        )
      ).data?.['shopInvitation'];

    expect(await run(subgraph, 'acceptShopInvitation', { token }, 'eve')).toMatchObject({
      membership: null,
      userErrors: [{ code: 'INVITATION_FOR_ANOTHER', path: ['input', 'token'] }],
    });
    expect(await run(subgraph, 'declineShopInvitation', { token }, 'eve')).toMatchObject({
      userErrors: [{ code: 'INVITATION_FOR_ANOTHER' }],
    });
    expect(await roleOf(subgraph, 'eve')).toBeNull();
    expect(await look('eve')).toBeNull();
    expect(await look('ann')).toEqual({ role: 'MANAGER', shop: { id: shopId } });
  });

  test('with a made-up code does not exist', async ({ subgraph }) => {
    await seed(subgraph);
    for (const token of ['', 'x', 'a'.repeat(43)]) {
      expect(
        (await run(subgraph, 'acceptShopInvitation', { token }, 'ann')).userErrors,
      ).toMatchObject([{ code: 'NOT_FOUND' }]);
    }
  });

  test('is answered in the same way whether the address has an account or works there', async ({
    subgraph,
  }) => {
    await seed(subgraph);
    const answers = [];
    for (const email of ['ann@example.com', 'nobody@example.com', 'agent@example.com']) {
      const { invitation, userErrors } = await invite(subgraph, email);
      answers.push({ ...invitation, id: null, email: null, userErrors });
      expect(await codeTo(subgraph, email)).toHaveLength(43);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);

    const token = await codeTo(subgraph, 'agent@example.com');
    expect(
      (await run(subgraph, 'acceptShopInvitation', { token }, 'agent')).userErrors,
    ).toMatchObject([{ code: 'ALREADY_STAFF' }]);
    expect(await roleOf(subgraph, 'agent')).toBe('AGENT');
  });

  test('ends after seven days, and another one may follow', async ({ subgraph }) => {
    await seed(subgraph);
    await invite(subgraph);
    const token = await codeTo(subgraph, 'ann@example.com');
    expect((await invite(subgraph)).userErrors).toMatchObject([{ code: 'ALREADY_INVITED' }]);
    subgraph.clock.advance(7 * DAY);

    expect(
      (await run(subgraph, 'acceptShopInvitation', { token }, 'ann')).userErrors,
    ).toMatchObject([{ code: 'INVITATION_EXPIRED' }]);
    expect(await listOf(subgraph, 'owner')).toEqual([
      { email: 'ann@example.com', state: 'EXPIRED' },
    ]);
    expect((await invite(subgraph)).invitation.state).toBe('OPEN');
    expect(await listOf(subgraph, 'owner')).toEqual([{ email: 'ann@example.com', state: 'OPEN' }]);
  });

  test('that was declined or taken back cannot be accepted', async ({ subgraph }) => {
    await seed(subgraph);
    await invite(subgraph);
    const declined = await codeTo(subgraph, 'ann@example.com');
    const no = await run(subgraph, 'declineShopInvitation', { token: declined }, 'ann');
    expect(no.invitation.state).toBe('DECLINED');
    expect(await run(subgraph, 'declineShopInvitation', { token: declined }, 'ann')).toEqual(no);

    const second = await invite(subgraph);
    const revoked = await codeTo(subgraph, 'ann@example.com');
    const input = { invitationId: second.invitation.id };
    expect((await run(subgraph, 'revokeShopInvitation', input)).invitation.state).toBe('REVOKED');

    for (const [token, code] of [
      [declined, 'INVITATION_ANSWERED'],
      [revoked, 'INVITATION_REVOKED'],
    ] as const) {
      const { userErrors } = await run(subgraph, 'acceptShopInvitation', { token }, 'ann');
      expect(userErrors).toMatchObject([{ code }]);
    }
    expect(await roleOf(subgraph, 'ann')).toBeNull();
  });

  test('that was accepted is not taken back: the shop removes who accepted it', async ({
    subgraph,
  }) => {
    await seed(subgraph);
    const { invitation } = await invite(subgraph);
    const token = await codeTo(subgraph, 'ann@example.com');
    await run(subgraph, 'acceptShopInvitation', { token }, 'ann');

    const input = { invitationId: invitation.id };
    const { userErrors } = await run(subgraph, 'revokeShopInvitation', input);

    expect(userErrors).toMatchObject([
      { code: 'INVITATION_ANSWERED', path: ['input', 'invitationId'] },
    ]);
    expect(await roleOf(subgraph, 'ann')).toBe('MANAGER');
  });

  test('is accepted or taken back, where both come at once', async ({ subgraph }) => {
    await seed(subgraph);
    for (let round = 0; round < 6; round++) {
      const { invitation } = await invite(subgraph);
      const token = await codeTo(subgraph, 'ann@example.com');
      const [accepted, revoked] = await Promise.all([
        run(subgraph, 'acceptShopInvitation', { token }, 'ann'),
        run(subgraph, 'revokeShopInvitation', { invitationId: invitation.id }),
      ]);
      expect(Boolean(accepted.membership)).toBe(!revoked.invitation);
      expect(await roleOf(subgraph, 'ann')).toBe(accepted.membership ? 'MANAGER' : null);
      await membershipModel(subgraph.services.db).deleteOne({ userId: people.ann });
    }
  });
});

describe('inviting', () => {
  test('is for the owner alone, and so are the invitations', async ({ subgraph }) => {
    await seed(subgraph);
    const { invitation } = await invite(subgraph);
    for (const name of ['agent', 'eve'] as const) {
      expect((await invite(subgraph, 'x@example.com', name)).thrown).toBe('FORBIDDEN');
      expect(await listOf(subgraph, name)).toBeNull();
      const input = { invitationId: invitation.id };
      expect((await run(subgraph, 'revokeShopInvitation', input, name)).thrown).toBe('FORBIDDEN');
    }
    expect(await codeTo(subgraph, 'x@example.com')).toBe('');
    expect(await listOf(subgraph, 'owner')).toHaveLength(1);
  });

  test('of another shop is as if it did not exist, for its owner and for an app let in there', async ({
    subgraph,
  }) => {
    await seed(subgraph);
    const { invitation } = await invite(subgraph);
    const elsewhere = { memberships: [{ shopId: 'shp_elsewhere', role: 'OWNER' as const }] };
    const app = { appId: 'tpa_1', scopes: ['staff:manage', 'staff:read'] };

    for (const viewer of [
      { ...as('eve'), ...elsewhere },
      { ...as('owner'), ...elsewhere, ...app },
    ]) {
      const { data } = await subgraph.execute(
        `mutation ($input: RevokeShopInvitationInput!) {
          revokeShopInvitation(input: $input) { userErrors { ... on UserError { code } } } }`,
        { input: { invitationId: invitation.id } },
        viewer,
      );
      expect(data?.['revokeShopInvitation'].userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    }
    expect(await listOf(subgraph, 'owner')).toHaveLength(1);
  });

  test('needs an address, and has a limit that holds under calls at once', async ({ subgraph }) => {
    await seed(subgraph);
    expect((await invite(subgraph, 'nowhere')).userErrors).toMatchObject([
      { code: 'EMAIL_MALFORMED', path: ['input', 'email'] },
    ]);
    const wanted = MAX_INVITATIONS_A_DAY + 5;
    const all = [];
    for (let at = 0; at < wanted; at += 11) {
      const batch = Array.from({ length: Math.min(11, wanted - at) }, (_, n) =>
        invite(subgraph, `p${at + n}@example.com`),
      );
      all.push(...(await Promise.all(batch)));
    }
    const refused = all.filter(({ invitation }) => invitation === null);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.userErrors).toMatchObject([
      { code: 'TOO_MANY_INVITATIONS', retryable: true },
    ]);
    expect(await mailModel(subgraph.services.db).countDocuments()).toBe(MAX_INVITATIONS_A_DAY);
  });
});
