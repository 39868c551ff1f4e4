/**
 * `npm run drill:rollback -- REF`: runs the Worker of an earlier commit on today's schema, as after
 * `wrangler rollback`: units report, people read, the job runs. REF is what runs in production; the
 * commit before this one when left out. Ends with 1 when something does not work. Knows no table.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runCli } from '../../scripts/cli.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { isoDay } from '../../shared/time.ts';
import { sessionToken } from '../testing/token.ts';
import { SECRET, startWorker, type WorkerStack } from '../testing/worker-stack.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TOKEN = 'drill-token-abcdefghijklmnopqrstuvwxyz012345';
const ID = 'JBNB0001';
const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

async function fill({ db }: WorkerStack): Promise<void> {
  const hash = await sha256Hex(TOKEN);
  const run = (sql: string, ...values: unknown[]) =>
    db
      .prepare(sql)
      .bind(...values)
      .run();
  await run("INSERT INTO people VALUES ('id-admin', 'a@example.net', 'admin')");
  await run("INSERT INTO locations (id, name, time_zone) VALUES ('bakery', 'Bakery', 'UTC')");
  await run(
    'INSERT INTO devices (id, token_sha256, location_id, registered_s) VALUES (?1, ?2, ?3, 0)',
    ...[ID, hash, 'bakery'],
  );
}

/** Method, path, who asks, what is sent, and the answer that is right. */
type Step = [string, string, 'unit' | 'admin', object | undefined, number];

function steps(): Step[] {
  const t = Math.floor(Date.now() / 300_000) * 300 - 600;
  const day = isoDay(t * 1000);
  const reading = { d: ID, t, ts: 1, i: 9, u: 7, vis: 3 };
  return [
    ['POST', '/api/heartbeat', 'unit', { d: ID, v: '6.0.0' }, 200],
    ['POST', '/api/reading', 'unit', reading, 201],
    ['POST', '/api/reading', 'unit', reading, 201],
    ['GET', `/api/config/${ID}`, 'unit', undefined, 200],
    ['POST', '/api/ota/check', 'unit', { d: ID, v: '6.0.0' }, 200],
    ['GET', '/api/v1/me', 'admin', undefined, 200],
    ['GET', '/api/v1/fleet', 'admin', undefined, 200],
    ['GET', `/api/v1/locations/bakery/insights?day=${day}`, 'admin', undefined, 200],
    ['PUT', `/api/v1/units/${ID}/pin`, 'admin', { pin: '4711' }, 200],
    ['PUT', `/api/v1/units/${ID}/name`, 'admin', { name: 'By the door' }, 200],
    ['POST', `/api/v1/units/${ID}/commands`, 'admin', { command: 'send_now' }, 202],
    ['POST', '/api/v1/dev/cron', 'admin', undefined, 200],
    ['GET', '/api/v1/status', 'admin', undefined, 200],
  ];
}

async function walk({ host, port }: WorkerStack): Promise<number> {
  const tokens = { unit: TOKEN, admin: sessionToken('id-admin', SECRET, 600) };
  let wrong = 0;
  for (const [method, path, who, body, right] of steps()) {
    const answer = await fetch(`http://${host}:${port}${path}`, {
      method,
      headers: { Authorization: `Bearer ${tokens[who]}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    const isRight = answer.status === right;
    if (!isRight) wrong += 1;
    console.log(`${isRight ? 'right' : 'FAULT'}  ${method} ${path}: ${answer.status}`);
    if (!isRight) console.log(`       ${text}`);
  }
  return wrong;
}

async function drill(ref: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'jambench-rollback-'));
  const old = join(folder, 'then');
  git('worktree', 'add', '--detach', old, ref);
  // takes every push, so that the job has somewhere to push to
  const zone = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(201).end());
  });
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(old, 'node_modules'));
    await new Promise<void>((ready) => zone.listen(0, '127.0.0.1', ready));
    const vars = {
      SUPABASE_URL: `http://127.0.0.1:${(zone.address() as AddressInfo).port}`,
      SUPABASE_SERVICE_KEY: SECRET,
    };
    const stack = await startWorker(relative(ROOT, join(old, 'worker/index.ts')), vars);
    try {
      await fill(stack);
      return await walk(stack);
    } finally {
      await stack.stop();
    }
  } finally {
    zone.close();
    git('worktree', 'remove', '--force', old);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main([ref = 'HEAD~1']: string[]): Promise<number> {
  console.log(`The Worker of ${git('log', '-1', '--format=%h %s', ref).trim()} on today’s schema`);
  const wrong = await drill(ref);
  console.log(wrong === 0 ? 'It can be gone back to.' : `${wrong} things do not work.`);
  return wrong === 0 ? 0 : 1;
}

// The harness keeps the process alive for a while after it is closed.
runCli('npm run drill:rollback -- [REVISION]: the Worker of then on today’s schema', main, {
  leave: true,
});
