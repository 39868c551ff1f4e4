/**
 * Changes of an owner while workerd is killed with SIGKILL under them: each is sent again with its
 * key until it is answered, as the page's outbox does, and has one effect.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { bundleWorker } from '../../scripts/build/worker-module.ts';
import { addDays } from '../../shared/metrics/time-zone.ts';
import { type DirectWorkerd, startDirect } from '../testing/direct-workerd.ts';
import { SECRET } from '../testing/worker-stack.ts';

const KILLS = 4;
/** Fewer than an owner may change in a minute, with what is sent again. */
const CHANGES = 12;

interface Sent {
  day: string;
  key: string;
  answer: string | null;
}

async function tokenOf(userId: string): Promise<string> {
  return await new SignJWT({ role: 'authenticated', sub: userId, email: 'olga@example.net' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setAudience('authenticated')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));
}

test('what is sent again after each SIGKILL has one effect and one answer', async () => {
  const code = await bundleWorker('worker/index.ts');
  const persist = mkdtempSync(join(tmpdir(), 'jambench-once-'));
  onTestFinished(() => rmSync(persist, { recursive: true, force: true }));
  const token = await tokenOf('id-olga');
  let workerd: DirectWorkerd = await startDirect({ code, persist });
  const db = await workerd.database();
  await db.batch([
    db.prepare(
      "INSERT INTO people (user_id, email, role) VALUES ('id-olga', 'olga@example.net', 'owner')",
    ),
    db.prepare("INSERT INTO locations (id, name, time_zone) VALUES ('bakery', 'Bakery', 'UTC')"),
    db.prepare("INSERT INTO memberships (user_id, location_id) VALUES ('id-olga', 'bakery')"),
  ]);
  const send = async (one: Sent) => {
    const origin = `http://${workerd.host}:${workerd.port}`;
    const at = `${origin}/api/v1/locations/bakery/shop-days/${one.day}`;
    const nothing = { sales: null, takings: null, note: null };
    const response = await fetch(at, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': one.key },
      body: JSON.stringify({ ...nothing, note: one.key, seen: nothing }),
    });
    const text = await response.text();
    expect(response.status, text).toBe(200);
    return text;
  };
  const all: Sent[] = [];
  let unanswered = 0;
  for (let round = 0; round < KILLS; round += 1) {
    const fresh = Array.from({ length: CHANGES }, (_, i): Sent => {
      const day = addDays('2025-01-01', round * CHANGES + i);
      return { day, key: crypto.randomUUID(), answer: null };
    });
    all.push(...fresh);
    const sent = fresh.map(async (one) => {
      one.answer = await send(one).catch(() => null);
    });
    // Some are answered by then, some in the middle, some not begun: from round to round others.
    await new Promise((resolve) => setTimeout(resolve, 5 + round * 15));
    await workerd.kill();
    await Promise.all(sent);
    unanswered += fresh.filter(({ answer }) => answer === null).length;
    workerd = await startDirect({ code, persist });
    for (const one of fresh) one.answer ??= await send(one);
  }
  const later = await workerd.database();
  const rows = async (sql: string) => (await later.prepare(sql).all<object>()).results;
  const notes = await rows('SELECT day, note FROM shop_days ORDER BY day');
  expect(notes).toEqual(all.map(({ day, key }) => ({ day, note: key })));
  const trail = "SELECT COUNT(*) AS n FROM audit WHERE action = 'location.shop_day'";
  expect(await rows(trail)).toEqual([{ n: all.length }]);
  for (const one of all.slice(-CHANGES)) expect(await send(one)).toBe(one.answer);
  expect(await rows(trail)).toEqual([{ n: all.length }]);
  console.info(`${all.length} changes, ${KILLS} SIGKILLs, ${unanswered} sent again`);
  expect(unanswered).toBeGreaterThan(0);
  await workerd.stop();
});
