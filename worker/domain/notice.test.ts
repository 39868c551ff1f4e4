/** Notices, on real D1: each goes out once in order, whatever fails; none makes other lines. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { d1Stores } from '../d1/stores.ts';
import { freshWorld } from '../testing/world.ts';
import { asLine, type Mail, type Mailer } from './mail.ts';
import { listNotices, mailNotices, type NoticeStore } from './notice.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
interface Ports {
  notices: NoticeStore;
  mailer: Mailer;
}
let mails: Mail[];
const { notices } = d1Stores(env.DB);
const add = (detail: string) => notices.add({ at_ms: NOW, kind: 'pin_guessing', detail });
const fresh = async (): Promise<Ports> => {
  await freshWorld();
  mails = [];
  for (const n of [1, 2]) await add(`notice ${n}`);
  return { notices, mailer: { send: async (mail) => void mails.push(mail) } };
};
const run = (ports: Ports) => mailNotices(ports.notices, ports.mailer, NOW);
const lines = () => mails.flatMap((mail) => mail.text.split('\n'));

test('a failure loses none, and the same ones go under the same key', async () => {
  await eachFailure(fresh, run, async ({ call, side }, sound) => {
    await run(sound);
    await run(sound);
    // a mail that somebody took without an answer goes twice, and the mail service drops the second
    const isUnknown =
      (call === 'mailer.send' && side === 'after') ||
      (call === 'notices.markMailed' && side === 'before');
    expect(mails).toHaveLength(isUnknown ? 2 : 1);
    expect(new Set(mails.map((mail) => mail.idempotency_key)).size).toBe(1);
    expect(new Set(lines()).size).toBe(2);
  });
});

test('one that comes while a mail is on its way is in the next', async () => {
  const late = () => add('notice 3');
  await eachInterruption(fresh, run, late, async (_before, _outcomes, sound) => {
    await run(sound);
    expect(lines()).toEqual([1, 2, 3].map((n) => `- 2026-06-01 12:00 UTC: notice ${n}`));
  });
});

test('words of a notice make no line of their own', async () => {
  const ports = await fresh();
  await add('3\n- forged');
  await run(ports);
  expect(lines()).toHaveLength(3);
});

test('fifty go in a mail, the rest in the next, in order', async () => {
  const ports = await fresh();
  for (let n = 3; n <= 51; n += 1) await add(`notice ${n}`);
  expect([await run(ports), await run(ports), await run(ports)]).toEqual(
    [50, 1, 0].map((told) => ({ told })),
  );
  expect(mails.map((mail) => mail.subject)).toEqual(['JamBench: 50 notices', 'JamBench: 1 notice']);
  expect(lines().map((line) => Number(line.split(' ').at(-1)))).toEqual(
    Array.from({ length: 51 }, (_, n) => n + 1),
  );
});

test('the list goes through all of them once, newest first', async () => {
  await fresh();
  await add('notice 3');
  const first = await listNotices(notices, { limit: 2 });
  await add('notice 4');
  const next = await listNotices(notices, { limit: 2, cursor: first.next_cursor ?? '' });
  expect([...first.notices, ...next.notices].map((n) => n.detail)).toEqual(
    [3, 2, 1].map((n) => `notice ${n}`),
  );
  expect(next.next_cursor).toBeNull();
  expect(first.notices[0]).toMatchObject({ at: '2026-06-01T12:00:00.000Z' });
  expect(first.notices[0]).not.toHaveProperty('at_ms');
});

test('no character of a text begins another line of a mail, or turns it round', () => {
  const FORBIDDEN = [
    0x0a, 0x0d, 0x0b, 0x0c, 0x85, 0x2028, 0x2029, 0x202e, 0x2066, 0xd800, 0xdfff, 0,
  ];
  for (const code of FORBIDDEN) {
    expect(asLine(`a${String.fromCharCode(code)}b`), code.toString(16)).toBe('a b');
  }
  for (const kept of ['Müller & Söhne', '日本語', '👩‍👩‍👧', 'a\u00a0b', 'שלום'])
    expect(asLine(kept)).toBe(kept);
});

test('the list says when each was mailed and to whom, or that it waits', async () => {
  const ports = await fresh();
  await run({ ...ports, mailer: { ...ports.mailer, to: 'ada@example.net' } });
  await add('notice 3');
  const { notices: all } = await listNotices(notices, { cursor: undefined, limit: 10 });
  const told = { mailed_at: new Date(NOW).toISOString(), mailed_to: 'ada@example.net' };
  expect(all).toMatchObject([{ mailed_at: null, mailed_to: null }, told, told]);
});
