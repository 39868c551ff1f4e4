/** Staff over real D1: who is let in by whom, what Supabase learns when, and what an end leaves. */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { Role } from '../../shared/contracts/portal.ts';
import type { AppError } from '../../shared/errors.ts';
import { d1Stores } from '../d1/stores.ts';
import { addStaff, freshWorld } from '../testing/world.ts';
import { changeOf } from './audit.ts';
import { changeRole, dismiss } from './person.ts';
import { endLook, letLook, listStaff, type StaffPorts } from './staff.ts';
import { signInService } from './testing/sign-in-service.ts';

const PAGE = 'https://bench.example.net/password';
const as = (name: string, role: Role) => ({
  person: { user_id: `id-${name}`, email: `${name}@example.net`, role, second_factor: false },
  nowMs: Date.UTC(2026, 0, 28, 12),
});
const OLGA = as('olga', 'owner');
const OTTO = as('otto', 'owner');
const ADA = as('ada', 'admin');

let ports: StaffPorts;
let supabase: ReturnType<typeof signInService>;
beforeEach(async () => {
  await freshWorld();
  supabase = signInService();
  ports = { ...d1Stores(env.DB), ...supabase };
});

const code = (act: Promise<unknown>) =>
  act.then(
    () => 'ok',
    (failure) => (failure as AppError).code,
  );
const let_ = (by: typeof OLGA, place: string, email: string) =>
  letLook(ports, by, place, email, PAGE);
const rows = async (table: string) =>
  (await env.DB.prepare(`SELECT * FROM ${table}`).all()).results;
const sees = async (id: string) => (await ports.locations.ofMember(id)).map(({ id: at }) => at);
const account = (email: string, id: string) =>
  supabase.state.accounts.set(email, { id, used: true, confirmed: true });

test('an owner lets somebody look: an account, a mail, his place and no other', async () => {
  const invited = await let_(OLGA, 'bakery', 'sam@example.net');
  expect(invited).toMatchObject({ user_id: 'id-of-sam', role: 'staff', mailed: true });
  expect((await ports.people.find('id-of-sam'))?.role).toBe('staff');
  expect(await sees('id-of-sam')).toEqual(['bakery']);
  expect(supabase.state.mails).toEqual([`sam@example.net ${PAGE}`]);
  expect([...supabase.state.members]).toContain('id-of-sam bakery');
  const { staff } = await listStaff(ports, OLGA.person, 'bakery');
  expect(staff).toEqual([{ user_id: 'id-of-sam', email: 'sam@example.net' }]);
  // he owns nothing: what asks who owns the place finds Olga alone
  const owners = (await rows('memberships')).map((row) => row.user_id);
  expect(owners).not.toContain('id-of-sam');
});

test('twice is once, and one account looks at places of several owners', async () => {
  await let_(OLGA, 'bakery', 'sam@example.net');
  account('sam@example.net', 'id-of-sam');
  await let_(OLGA, 'bakery', 'sam@example.net');
  expect(await let_(OTTO, 'books', 'sam@example.net')).toMatchObject({ mailed: false });
  expect((await sees('id-of-sam')).sort()).toEqual(['bakery', 'books']);
  const traced = (await rows('audit')).map(({ action, target }) => `${action} ${target}`);
  expect(traced).toEqual(['location.staff location:bakery', 'location.staff location:books']);
});

test('another owner’s place is as none, and nobody is written to', async () => {
  expect(await code(let_(OTTO, 'bakery', 'sam@example.net'))).toBe('not_found');
  expect(await code(let_(OLGA, 'nowhere', 'sam@example.net'))).toBe('not_found');
  expect(await code(listStaff(ports, OTTO.person, 'bakery'))).toBe('not_found');
  expect(supabase.state.mails).toEqual([]);
});

test('who has a role keeps it, and gains no place', async () => {
  for (const name of ['otto', 'ines', 'ada']) {
    account(`${name}@example.net`, `id-${name}`);
    expect(await code(let_(OLGA, 'bakery', `${name}@example.net`))).toBe('conflict');
  }
  expect(await rows('staff_places')).toEqual([]);
  expect([...supabase.state.members].filter((m) => m.endsWith('bakery'))).toEqual([]);
});

test('an end is an end here and at Supabase; other places stay', async () => {
  await addStaff();
  account('sara@example.net', 'id-sara');
  await let_(OLGA, 'bakery', 'sara@example.net');
  await let_(OTTO, 'books', 'sara@example.net');
  expect(await code(endLook(ports, OTTO, 'bakery', 'id-sara'))).toBe('not_found');
  await endLook(ports, OLGA, 'bakery', 'id-sara');
  expect(await sees('id-sara')).toEqual(['books']);
  expect([...supabase.state.members]).toEqual(['id-sara books']);
  expect(await code(endLook(ports, OLGA, 'bakery', 'id-sara'))).toBe('not_found');
  // with no place left he stays staff, an owner of nothing he is not
  await endLook(ports, OTTO, 'books', 'id-sara');
  expect((await ports.people.find('id-sara'))?.role).toBe('staff');
});

test('nobody takes an owner off his own place', async () => {
  supabase.state.members.add('id-olga bakery');
  expect(await code(endLook(ports, OLGA, 'bakery', 'id-olga'))).toBe('not_found');
  expect([...supabase.state.members]).toEqual(['id-olga bakery']);
});

test('staff becomes nothing else, and goes whole when dismissed', async () => {
  await addStaff();
  expect(await code(changeRole(ports.people, ADA, 'id-sara', 'owner'))).toBe('conflict');
  await dismiss(ports, ADA, 'id-sara');
  expect(await ports.people.find('id-sara')).toBeNull();
  expect([await rows('staff'), await rows('staff_places')]).toEqual([[], []]);
});

test('twenty invitations a day by one owner, whomever they are to', async () => {
  const codes: string[] = [];
  for (let n = 0; n < 22; n += 1) codes.push(await code(let_(OLGA, 'bakery', `p${n}@example.net`)));
  expect(codes.filter((one) => one === 'ok')).toHaveLength(20);
  expect(codes.slice(20)).toEqual(['rate_limited', 'rate_limited']);
  expect(await code(let_(OTTO, 'books', 'q@example.net'))).toBe('ok');
});

test('while the account is being removed, nobody is let in by it', async () => {
  await env.DB.prepare("INSERT INTO dismissals VALUES ('id-of-sam')").run();
  expect(await code(let_(OLGA, 'bakery', 'sam@example.net'))).toBe('unavailable');
  const change = changeOf({ actor: 'x', nowMs: 0 }, 'location.staff', 'location:bakery', {});
  const sam = { user_id: 'id-of-sam', email: 'sam@example.net' };
  expect(await ports.staff.add(sam, 'bakery', change)).toBe(false);
  expect([...supabase.state.members]).toEqual([]);
});
