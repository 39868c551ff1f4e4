/**
 * Raw bytes over a TCP socket against the Worker in workerd, read as a v5.x unit reads: 511 bytes
 * of whatever arrives, searched for text. Every request of the vectors, and what modems make of it.
 */

import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readingsOf, SECRET, startWorker, type WorkerStack } from '../e2e/testing/worker-stack.ts';
import { sha256Hex } from '../shared/hash.ts';
import { isoSecond } from '../shared/time.ts';
import vectors from '../shared/vectors/legacy-requests.json';
import { readLikeAnOldUnit } from './testing/old-unit.ts';

/** Status line, headers and body (device API); a chunk of an update may have more. */
const ANSWER_MAX = 330;
const CHUNK_MAX = 850;
const TOKEN = 'unit-token-abcdefghijklmnopqrstuvwxyz0123456';
const WRONG = 'wrong-token-abcdefghijklmnopqrstuvwxyz012345';
const OTHER = 'token-of-the-other-unit-abcdefghijklmnopqrst';
const NOW_S = Math.floor(Date.now() / 1000);
const T0_S = Math.floor(NOW_S / 300) * 300 - 600;
/** After the last byte; a unit waits longer, over a slower line. */
const IDLE_MS = 150;

let stack: WorkerStack;
beforeAll(async () => {
  stack = await startWorker();
  const sql = 'INSERT INTO devices (id, token_sha256, registered_s) VALUES (?, ?, 0)';
  const add = stack.db.prepare(sql);
  await stack.db.batch([
    add.bind('JBNB0001', await sha256Hex(TOKEN)),
    add.bind('JBNB0002', await sha256Hex(OTHER)),
  ]);
}, 60_000);
afterAll(() => stack?.stop());

/** Writes the pieces one after the other, then listens until nothing more comes. */
function exchange(...pieces: (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    let idle: NodeJS.Timeout | undefined;
    const socket = connect(stack.port, stack.host, async () => {
      for (const piece of pieces) {
        socket.write(piece);
        if (pieces.length > 1) await new Promise((next) => setTimeout(next, 20));
      }
    });
    const done = () => {
      socket.destroy();
      resolve(heard);
    };
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      clearTimeout(idle);
      idle = setTimeout(done, IDLE_MS);
    });
    socket.on('end', done);
    socket.on('error', reject);
  });
}

/** Fills a vector's placeholders, and its Content-Length after that. */
function filled(raw: string): string {
  const text = raw.replace(/\{\{(\w+)(?:([+-]\d+)s?)?\}\}/g, (_all, name, shift = '0') => {
    const by = Number(shift);
    if (name === 't0') return isoSecond(T0_S + by);
    if (name === 'epoch') return String(NOW_S + by);
    return { host: `${stack.host}:${stack.port}`, token: TOKEN, wrong: WRONG }[name as 'host'];
  });
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return `${head.replace(/Content-Length: \d+/, `Content-Length: ${body.length}`)}\r\n\r\n${body}`;
}

/** No header that a unit has no use for: no tracing, security, CORS, cookie or chunking. */
function headersOf(wire: string): string[] {
  const [head = ''] = wire.split('\r\n\r\n');
  const lines = head.split('\r\n').slice(1);
  return lines.map((line) => line.split(':')[0]?.toLowerCase() ?? '').sort();
}

async function queueSendNow(): Promise<void> {
  const answer = await fetch(`http://${stack.host}:${stack.port}/api/device/JBNB0001/command`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${SECRET}` },
    body: JSON.stringify({ command: 'send_now' }),
  });
  expect(answer.ok).toBe(true);
}

describe('requests of units in the field', () => {
  test.each(vectors.cases)('$name', async (vector) => {
    if ('before' in vector) await queueSendNow();
    const wire = await exchange(filled(vector.request));
    const heard = wire.slice(0, 511);
    expect(wire).toMatch(new RegExp(`^HTTP/1.1 ${vector.status} `));
    for (const text of vector.contains) expect(heard).toContain(text);
    for (const text of ('absent' in vector && vector.absent) || []) {
      expect(heard).not.toContain(text);
    }
    expect(wire.length).toBeLessThanOrEqual(ANSWER_MAX);
    expect(headersOf(wire)).toEqual(['content-length', 'content-type']);
    const view = readLikeAnOldUnit(wire);
    expect(view.success).toBe(vector.status < 300);
    expect(view.localUpdateMode).toBe(false);
    expect(JSON.parse(view.body)).toBeTypeOf('object');
  });
});

describe('what modems and old stacks do', () => {
  let shift = 0;
  const body = () => {
    shift += 1;
    return JSON.stringify({ d: 'JBNB0001', t: isoSecond(T0_S - 86_400 - shift), i: 4, u: 2 });
  };
  interface Parts {
    line?: string;
    host?: string;
    type?: string;
    auth?: string;
    content?: (json: string) => string;
    behind?: string;
  }
  function request(parts: Parts): string {
    const content = (parts.content ?? ((json) => json))(body());
    const lines = [
      parts.line ?? 'POST /api/reading HTTP/1.1',
      parts.host ?? 'Host: bench.example.net:80',
      parts.auth ?? `Authorization: Bearer ${TOKEN}`,
      parts.type ?? 'Content-Type: application/json',
      `Content-Length: ${content.length}`,
      'Connection: close',
    ];
    const head = lines.filter((line) => line !== '').join('\r\n');
    return `${head}\r\n\r\n${content}${parts.behind ?? ''}`;
  }
  const cases: [string, Parts][] = [
    ['no Content-Type', { type: '' }],
    ['a wrong Content-Type', { type: 'Content-Type: application/x-www-form-urlencoded' }],
    ['a Content-Type that is none', { type: 'Content-Type: ;;' }],
    ['an empty Content-Type', { type: 'Content-Type:' }],
    ['Host without port', { host: 'Host: bench.example.net' }],
    ['Host as an address', { host: 'Host: 127.0.0.1' }],
    ['HTTP/1.0 with a Host', { line: 'POST /api/reading HTTP/1.0', host: 'Host: x.example.net' }],
    ['two spaces behind Bearer', { auth: `Authorization: Bearer  ${TOKEN}` }],
    ['no space behind the colon', { auth: `Authorization:Bearer ${TOKEN}` }],
    ['spaces around the token', { auth: `Authorization:  Bearer ${TOKEN}  ` }],
    ['lower-case names', { auth: `authorization: bearer ${TOKEN}`, type: 'content-type: x/y' }],
    [
      'spaces in the JSON',
      { content: (json) => ` ${json.replace(/,"/g, ' , "').replace(/":/g, '" : ')} ` },
    ],
    ['a NUL in the body', { content: (json) => `${json}\0` }],
    ['NULs and line ends in the body', { content: (json) => `${json}\0\r\n\0\r\n` }],
    ['a line end before the body', { content: (json) => `\r\n${json}` }],
    ['a line end behind the body', { behind: '\r\n' }],
    ['a NUL behind the body', { behind: '\0' }],
    ['a query nobody asked for', { line: 'POST /api/reading?x=1 HTTP/1.1' }],
  ];
  test.each(cases)('%s', async (_name, parts) => {
    const wire = await exchange(request(parts));
    const view = readLikeAnOldUnit(wire);
    expect(wire).toMatch(/^HTTP\/1\.[01] 201 /);
    expect(view.success).toBe(true);
    expect(view.body).toContain('"status":"ok"');
    expect(view.body).not.toContain('duplicate_ignored');
  });

  // Cloudflare's edge does the same; no unit of either generation leaves it out.
  test('no Host: 400 by workerd itself, before the Worker', async () => {
    for (const version of ['1.0', '1.1']) {
      const line = `POST /api/reading HTTP/${version}`;
      const wire = await exchange(request({ host: '', line }));
      expect(wire).toMatch(/^HTTP\/1\.[01] 400 /);
      expect(wire).not.toContain('"error"');
    }
  });

  test('one byte at a time', async () => {
    const text = request({});
    const wire = await exchange(text.slice(0, 60), ...text.slice(60, 90), text.slice(90));
    expect(readLikeAnOldUnit(wire).success).toBe(true);
  });

  test('a connection that breaks in the middle leaves nothing', async () => {
    const count = () => readingsOf(stack, 'JBNB0001');
    const before = await count();
    const text = request({});
    const socket = connect(stack.port, stack.host);
    socket.on('error', () => {});
    socket.write(text.slice(0, -10));
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await count()).toBe(before);
  });
});

test('a chunk of an update fits the unit’s larger buffer', async () => {
  await stack.db.batch([
    stack.db.prepare(`INSERT INTO firmware_versions
      (version, registered_s, rollout_percent, is_current) VALUES ('5.5', 0, 100, 1)`),
    stack.db.prepare(
      `INSERT INTO patches VALUES ('5.4', '5.5', 1048576, '${'0'.repeat(64)}', 2048, 0)`,
    ),
    stack.db
      .prepare(`INSERT INTO patch_chunks VALUES ('5.4', '5.5', 1046, ?, 65535)`)
      .bind(Buffer.alloc(512, 255).toString('base64')),
  ]);
  const path = '/api/ota/chunk?device_id=JBNB0001&from=5.4&to=5.5&chunk=1046';
  const wire = await exchange(
    filled(`GET ${path} HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer {{token}}\r\n\r\n`),
  );
  expect(wire).toMatch(/^HTTP\/1.1 200 /);
  expect(wire.length).toBeLessThanOrEqual(CHUNK_MAX);
  expect(headersOf(wire)).toEqual(['content-length', 'content-type']);
});

test('browsers’ headers are on people’s routes only', async () => {
  const get = (path: string) => exchange(`GET ${path} HTTP/1.1\r\nHost: x.example.net\r\n\r\n`);
  for (const path of ['/api/v1/me', '/api/v1/settings', '/api/devices', '/health']) {
    expect(headersOf(await get(path))).toContain('x-content-type-options');
  }
  for (const path of ['/api/reading', '/api/config/JBNB0001', '/api/ota/chunk']) {
    expect(headersOf(await get(path))).not.toContain('x-content-type-options');
  }
});
