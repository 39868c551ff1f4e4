/**
 * Changes of an owner, of his shop and of his sensors, while workerd is killed with SIGKILL under
 * them: each is sent again with its key until it is answered, as the page's outbox does, and has
 * one effect.
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
  /** Which of them: days, or units, are told apart by it. */
  n: number;
  key: string;
  answer: string | null;
}

interface Kind {
  name: string;
  method: 'PUT' | 'POST';
  path: (n: number) => string;
  body: (key: string) => object;
  /** What has come of all of them, in their order, as `found`. */
  effect: string;
  /** What has come of one that counted once. */
  found: (key: string) => unknown;
  /** What each leaves in the trail. */
  action: string;
}

const NOTHING = { sales: null, takings: null, note: null };
const dayOf = (n: number) => addDays('2025-01-01', n);
const unitOf = (n: number) => `JBNB${1000 + n}`;

const KINDS: readonly Kind[] = [
  {
    name: 'days of a shop',
    method: 'PUT',
    path: (n) => `locations/bakery/shop-days/${dayOf(n)}`,
    body: (key) => ({ ...NOTHING, note: key, seen: NOTHING }),
    effect: 'SELECT note AS found FROM shop_days ORDER BY day',
    found: (key) => key,
    action: 'location.shop_day',
  },
  {
    name: 'names of sensors',
    method: 'PUT',
    path: (n) => `units/${unitOf(n)}/name`,
    body: (key) => ({ name: key, seen: null }),
    effect: 'SELECT name AS found FROM devices ORDER BY id',
    found: (key) => key,
    action: 'unit.rename',
  },
  {
    name: 'settings of sensors',
    method: 'PUT',
    path: (n) => `units/${unitOf(n)}/config?if_version=1`,
    body: () => ({ report_interval_ms: 360_000 }),
    effect: 'SELECT config_version AS found FROM devices ORDER BY id',
    // A unit begins with its first.
    found: () => 2,
    action: 'unit.config',
  },
  {
    name: 'commands to sensors',
    method: 'POST',
    path: (n) => `units/${unitOf(n)}/commands?ago_s=0`,
    body: () => ({ command: 'send_now' }),
    effect: `SELECT COUNT(c.id) AS found FROM devices AS d LEFT JOIN commands AS c
      ON c.device_id = d.id GROUP BY d.id ORDER BY d.id`,
    found: () => 1,
    action: 'unit.command',
  },
];

async function tokenOf(userId: string): Promise<string> {
  return await new SignJWT({ role: 'authenticated', sub: userId, email: 'olga@example.net' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setAudience('authenticated')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));
}

test.each(KINDS)('$name, sent again after each SIGKILL: one effect, one answer', async (kind) => {
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
    ...Array.from({ length: KILLS * CHANGES }, (_, n) => {
      const columns = 'id, token_sha256, location_id, registered_s';
      return db
        .prepare(`INSERT INTO devices (${columns}) VALUES (?1, 'x', 'bakery', 0)`)
        .bind(unitOf(n));
    }),
  ]);
  const send = async (one: Sent) => {
    const origin = `http://${workerd.host}:${workerd.port}`;
    const response = await fetch(`${origin}/api/v1/${kind.path(one.n)}`, {
      method: kind.method,
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': one.key },
      body: JSON.stringify(kind.body(one.key)),
    });
    const text = await response.text();
    expect(response.ok, text).toBe(true);
    return text;
  };
  const all: Sent[] = [];
  let unanswered = 0;
  for (let round = 0; round < KILLS; round += 1) {
    const fresh = Array.from({ length: CHANGES }, (_, i): Sent => {
      return { n: round * CHANGES + i, key: crypto.randomUUID(), answer: null };
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
  expect(await rows(kind.effect)).toEqual(all.map(({ key }) => ({ found: kind.found(key) })));
  const trail = `SELECT COUNT(*) AS n FROM audit WHERE action = '${kind.action}'`;
  expect(await rows(trail)).toEqual([{ n: all.length }]);
  for (const one of all.slice(-CHANGES)) expect(await send(one)).toBe(one.answer);
  expect(await rows(trail)).toEqual([{ n: all.length }]);
  console.info(`${kind.name}: ${all.length} changes, ${KILLS} SIGKILLs, ${unanswered} sent again`);
  expect(unanswered).toBeGreaterThan(0);
  await workerd.stop();
});
