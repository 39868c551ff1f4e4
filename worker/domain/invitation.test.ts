/**
 * Invitations over real D1: a refusal leaves nothing gained, neither here nor in Supabase,
 * and what failed half-way may come again.
 */
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import type { GivenRole } from '../../shared/contracts/people.ts';
import { d1Stores } from '../d1/stores.ts';
import { count, freshWorld } from '../testing/world.ts';
import { type InvitationPorts, invite } from './invitation.ts';
import { propagateDismissals } from './person.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';
import { type Account, signInService } from './testing/sign-in-service.ts';

const ADA = { user_id: 'id-ada', email: 'ada@example.net', role: 'admin', second_factor: false };
const PAGE = 'https://bench.example.net/password';
let supabase: ReturnType<typeof signInService>;

/** Olga owns the bakery, Otto the books; they and `more` have accounts that are in use. */
async function fresh(more: Record<string, Partial<Account>> = {}): Promise<InvitationPorts> {
  await freshWorld();
  supabase = signInService();
  for (const name of ['olga', 'otto', 'ines', 'ada'])
    supabase.state.accounts.set(`${name}@example.net`, {
      ...{ id: `id-${name}`, used: true, confirmed: true },
    });
  for (const [email, account] of Object.entries(more))
    supabase.state.accounts.set(email, { id: 'id-x', used: false, confirmed: false, ...account });
  for (const member of ['id-olga bakery', 'id-otto books']) supabase.state.members.add(member);
  return { ...d1Stores(env.DB), ...supabase };
}
const call = (ports: InvitationPorts, email: string, role: GivenRole, ...location_ids: string[]) =>
  invite(
    ports,
    { person: { ...ADA, role: 'admin' }, nowMs: Date.now() },
    { email, role, location_ids },
    PAGE,
  );
async function here() {
  const sql = 'SELECT user_id, location_id FROM memberships ORDER BY user_id, location_id';
  const { results } = await env.DB.prepare(sql).all<{ user_id: string; location_id: string }>();
  return results.map(({ user_id, location_id }) => `${user_id} ${location_id}`);
}
const there = () => [...supabase.state.members].sort();
const roleOf = (id: string) =>
  env.DB.prepare('SELECT role FROM people WHERE user_id = ?1').bind(id).first<string>('role');

test.each([
  ['otto', 'owner', ['bakery']],
  ['ines', 'owner', ['bakery']],
  ['ada', 'owner', ['bakery', 'books']],
  ['olga', 'admin', []],
] as const)(
  '%s, here already, as %s of %j: refused, nothing gained',
  async (name, role, places) => {
    const ports = await fresh();
    const before = [await here(), there(), await roleOf(`id-${name}`)];
    await expect(call(ports, `${name}@example.net`, role, ...places)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect([await here(), there(), await roleOf(`id-${name}`)]).toEqual(before);
    expect(await count('audit')).toBe(0);
    expect(supabase.state.mails).toEqual([]);
  },
);

const NORA = 'nora@example.net';

test('the person is new here, and known to Supabase by the same places', async () => {
  const ports = await fresh();
  const person = { user_id: 'id-of-nora', email: NORA, role: 'owner', second_factor: false };
  expect(await call(ports, NORA, 'owner', 'books', 'bakery')).toEqual({ ...person, mailed: true });
  expect((await here()).slice(0, 2)).toEqual(['id-of-nora bakery', 'id-of-nora books']);
  expect(there()).toEqual(await here());
  expect(supabase.state.mails).toEqual([`${NORA} ${PAGE}`]);
});

test('an unknown place among known ones: nobody is mailed and nothing is done', async () => {
  const ports = await fresh();
  const refused = call(ports, NORA, 'owner', 'bakery', 'nowhere');
  await expect(refused).rejects.toMatchObject({
    code: 'invalid',
    message: 'location_ids: there is no location nowhere',
  });
  expect([supabase.state.mails, there()]).toEqual([[], ['id-olga bakery', 'id-otto books']]);
});

test('an account that nobody confirmed is nobody’s: it gets nothing', async () => {
  const ports = await fresh({ [NORA]: { used: true } });
  await expect(call(ports, NORA, 'owner', 'bakery')).rejects.toMatchObject({ code: 'conflict' });
  expect([await roleOf('id-x'), there()]).toEqual([null, ['id-olga bakery', 'id-otto books']]);
});

test.each([
  ['admin', []],
  ['owner', ['books']],
  ['owner', ['bakery', 'books']],
] as const)('invited again, as %s of %j: says that it is not so', async (role, places) => {
  const ports = await fresh();
  await call(ports, NORA, 'owner', 'bakery');
  const before = [await here(), there()];
  await expect(call(ports, NORA, role, ...places)).rejects.toMatchObject({
    code: 'conflict',
    message: 'This person was invited with another role or other places.',
  });
  expect([await here(), there(), await roleOf('id-of-nora')]).toEqual([...before, 'owner']);
});

test('whatever fails: Supabase holds what we hold after a repeat', async () => {
  for (const used of [false, true]) {
    const calls = await eachFailure(
      () => fresh(used ? { [NORA]: { id: 'id-of-nora', used, confirmed: true } } : {}),
      (ports) => call(ports, NORA, 'owner', 'bakery', 'books'),
      async ({ thrown }, ports) => {
        expect(thrown).toMatchObject({ message: expect.stringContaining('lost') });
        const wasDone = (await roleOf('id-of-nora')) !== null;
        const repeat = await call(ports, NORA, 'owner', 'bakery', 'books').catch((e) => e.code);
        // the answer that got lost had said that it is done
        if (wasDone && used) expect(repeat).toBe('conflict');
        else expect(repeat).toMatchObject({ user_id: 'id-of-nora', mailed: !used });
        expect(there()).toEqual(await here());
        expect([await roleOf('id-of-nora'), await count('audit')]).toEqual(['owner', 1]);
      },
    );
    const all = ['accounts.invite', ...(used ? ['accounts.find'] : []), 'people.find'];
    expect(calls.slice(2)).toEqual([
      'people.dismissed',
      ...all,
      'sharedMemberships.add',
      'people.add',
    ]);
  }
});

test('two administrators at once: one is refused, Supabase holds what we hold', async () => {
  for (const role of ['owner', 'admin'] as const) {
    await eachInterruption(
      () => fresh(),
      (ports) => call(ports, NORA, 'owner', 'bakery'),
      (ports) => call(ports, NORA, role, ...(role === 'owner' ? ['books'] : [])),
      async (_before, outcomes) => {
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(there()).toEqual(await here());
        expect(await here()).toHaveLength((await roleOf('id-of-nora')) === 'owner' ? 3 : 2);
        expect(await count('audit')).toBe(1);
      },
    );
  }
});

describe('somebody who was dismissed', () => {
  /** Nora was here and is dismissed; Supabase has not heard of it. */
  const dismissed = async (used: boolean) => {
    const ports = await fresh({ [NORA]: { id: 'id-of-nora', used, confirmed: used } });
    supabase.state.members.add('id-of-nora books');
    await env.DB.prepare("INSERT INTO dismissals VALUES ('id-of-nora')").run();
    return ports;
  };
  /** The one who is here has an account, and Supabase knows the places that we know. */
  async function isWhole(why: string) {
    const { results } = await env.DB.prepare('SELECT user_id FROM people WHERE email = ?1')
      .bind(NORA)
      .all<{ user_id: string }>();
    expect(results, why).toHaveLength(1);
    expect(supabase.state.accounts.get(NORA)?.id, why).toBe(results[0]?.user_id);
    expect(there(), why).toEqual(await here());
  }
  const comeBack = (ports: InvitationPorts) => call(ports, NORA, 'owner', 'bakery');

  test.each([true, false])('comes back with an account that stays (used: %s)', async (used) => {
    const ports = await dismissed(used);
    expect(await comeBack(ports)).toEqual({
      ...{ user_id: 'id-of-nora-1', email: NORA, role: 'owner', second_factor: false },
      mailed: true,
    });
    await propagateDismissals(ports);
    await isWhole('after the job');
    expect([await count('dismissals'), await count('audit')]).toEqual([0, 1]);
  });

  test('has an account, wherever the invitation meets the job', async () => {
    for (const used of [true, false]) {
      const calls = await eachInterruption(
        () => dismissed(used),
        (ports) => propagateDismissals(ports),
        comeBack,
        async (before, outcomes) => {
          expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
          await isWhole(`${used}, before ${before}`);
        },
      );
      expect(calls).toContain('accounts.remove');
    }
  });

  test('has an account, wherever the job meets the invitation', async () => {
    for (const used of [true, false]) {
      const calls = await eachInterruption(
        () => dismissed(used),
        comeBack,
        (ports) => propagateDismissals(ports),
        async (before, outcomes, ports) => {
          // the account that was in use has gone before it could be found: the next try makes one
          const isGone = before === 'accounts.find';
          expect(outcomes[0]?.status, before).toBe(isGone ? 'rejected' : 'fulfilled');
          if (isGone) await comeBack(ports);
          await isWhole(`${used}, before ${before}`);
        },
      );
      expect(calls).toContain('people.add');
    }
  });

  test('whatever fails, a repeat brings everything', async () => {
    for (const used of [true, false]) {
      await eachFailure(
        () => dismissed(used),
        comeBack,
        async ({ call: failed, side }, ports) => {
          await comeBack(ports).catch(() => {});
          await propagateDismissals(ports);
          await isWhole(`${used}, ${failed} ${side}`);
        },
      );
    }
  });
});
