/**
 * The look from outside: at the Worker in workerd as production has it, and at what the platform
 * makes of a zone that is set up wrongly.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorker, type WorkerStack } from '../../e2e/testing/worker-stack.ts';
import { allRoutes, HEALTH_PATH, isOfUnits } from '../../worker/http/routes.ts';
import { plainDoor, unitsDoor } from './doors.ts';
import { exchange, judgeUnitAnswer, type LiveTarget, lookLive, oldUnitRequest } from './live.ts';

const DEVICE_HOST = 'devices.example.net';
const REFUSAL = '{"error":"unknown unit or wrong token"}';
const servers: Server[] = [];
afterAll(() => servers.map((server) => server.close()));

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}
const messages = (findings: { message: string }[]) => findings.map(({ message }) => message);
const errorsOf = (findings: { level: string; message: string }[]) =>
  messages(findings.filter(({ level }) => level === 'error'));

describe('the Worker as production has it', () => {
  let stack: WorkerStack;
  beforeAll(async () => {
    const vars = { ENVIRONMENT: 'production', SUPABASE_JWT_SECRET: '', DEVICE_HOST };
    stack = await startWorker('worker/index.ts', vars);
  }, 60_000);
  afterAll(() => stack?.stop());

  test('a unit is refused in few bytes, and finds nothing else at its hostname', async () => {
    const page = `http://127.0.0.1:${await serve(fine)}`;
    const target: LiveTarget = {
      deviceHost: DEVICE_HOST,
      devicePort: stack.port,
      deviceAddress: stack.host,
      page,
      plainPage: `http://${stack.host}:${stack.port}`,
    };
    expect(errorsOf(await lookLive(target))).toEqual([]);
  });

  test('a unit’s request over the socket is what firmware 5.x sends', async () => {
    const request = oldUnitRequest(DEVICE_HOST);
    expect(request).not.toMatch(/user-agent|accept/i);
    const wire = await exchange(stack.host, stack.port, request);
    expect(wire).toMatch(/^HTTP\/1\.1 401 /);
    expect(wire.length).toBeLessThan(330);
  });
});

/** A page and its files as they should be. */
const fine: RequestListener = ({ url, headers }, response) => {
  // the page's settings and, at the same address, those of its sign-in service
  const supabase_url = `http://${headers.host}`;
  if (url === '/api/v1/settings')
    return void response.end(JSON.stringify({ supabase_url, supabase_anon_key: 'key' }));
  if (url === '/auth/v1/settings') return void response.end('{"disable_signup":true}');
  if (url !== '/') return void response.writeHead(404, { 'Cache-Control': 'no-store' }).end('{}');
  response.setHeader('Content-Security-Policy', "default-src 'none'");
  response.end('<jb-app></jb-app>');
};

const answer = (status: string, headers: string[], body: string) =>
  [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${body.length}`, '', body].join('\r\n');
const EDGE = ['Date: Mon, 30 Nov 2026 08:00:00 GMT', 'Server: cloudflare', 'CF-RAY: 9a1b-FRA'];
const JSON_TYPE = 'Content-Type: application/json';

test('what the edge adds is counted, and reported when it leaves no room', () => {
  const few = judgeUnitAnswer(answer('401 Unauthorized', [JSON_TYPE, ...EDGE], REFUSAL));
  expect(few).toEqual([
    { level: 'warning', message: expect.stringMatching(/^The edge adds \d+ bytes/) },
  ]);
  const many = [...EDGE, `NEL: ${'x'.repeat(60)}`, `Report-To: ${'x'.repeat(200)}`];
  const found = errorsOf(
    judgeUnitAnswer(answer('401 Unauthorized', [JSON_TYPE, ...many], REFUSAL)),
  );
  expect(found).toEqual([
    expect.stringContaining('NEL is sent'),
    expect.stringContaining('Report-To is sent'),
    expect.stringMatching(/adds 3\d\d bytes.*reads 511/),
  ]);
});

test('an edge’s header that a v5.x unit takes for success is reported', () => {
  const unlucky = ['CF-RAY: 9a1b201c-FRA', JSON_TYPE];
  const found = messages(judgeUnitAnswer(answer('401 Unauthorized', unlucky, REFUSAL)));
  expect(found.join()).toContain('“201”');
});

/**
 * How many of the ids that the edge writes into each answer (CF-RAY, sixteen random hexadecimal
 * digits) hold one of the words: every digit moves between how much of a word has been seen.
 */
function shareOfRays(digits: number): number {
  let [nothing, two, twoZero] = [1, 0, 0];
  for (let i = 0; i < digits; i += 1) {
    const all = nothing + two + twoZero;
    // a 2 begins anew; a 0 after it goes on; a 0 or a 1 after that ends it
    [nothing, two, twoZero] = [
      (nothing * 15) / 16 + (two * 14) / 16 + (twoZero * 13) / 16,
      all / 16,
      two / 16,
    ];
  }
  return 1 - (nothing + two + twoZero);
}

test('seven of a thousand refusals are taken for success, whatever we answer', () => {
  expect(shareOfRays(3)).toBeCloseTo(2 / 4096, 12);
  const exact = shareOfRays(16);
  expect(exact).toBeCloseTo(0.0068, 4);
  const bytes = randomBytes(8 * 200_000).toString('hex');
  const rays = bytes.match(/.{16}/g) ?? [];
  const counted = rays.filter((ray) => /20[01]/.test(ray)).length / rays.length;
  expect(Math.abs(counted - exact)).toBeLessThan(0.001);
});

test.each([
  ['Always Use HTTPS', answer('301 Moved Permanently', ['Location: https://x.example.net/'], '')],
  ['Browser Integrity Check', answer('403 Forbidden', ['Server: cloudflare'], 'error code: 1010')],
  ['Browser Integrity Check', answer('401 Unauthorized', ['cf-mitigated: challenge'], '')],
  ['not by this Worker', answer('401 Unauthorized', [], '{"error":"of another"}')],
  ['answered 0', 'SSH-2.0-x\r\n\r\n'],
])('%s', (words, wire) => expect(errorsOf(judgeUnitAnswer(wire)).join()).toContain(words));

test('a page that is none, a missing script that is kept, a portal in the open', async () => {
  const everything: RequestListener = (_request, response) => {
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    response.end('<html></html>');
  };
  const port = await serve(everything);
  const page = `http://127.0.0.1:${port}`;
  const units = { deviceHost: DEVICE_HOST, devicePort: port, deviceAddress: '127.0.0.1' };
  const found = errorsOf(await lookLive({ ...units, page, plainPage: page })).join('\n');
  for (const words of [
    'without the page',
    'must be 404 and not cached',
    'HTTPS only must hold',
    'only units’ routes may be',
    'to GET /health',
    'Whether strangers can sign up',
  ]) {
    expect(found).toContain(words);
  }
});

test('every route of the table is tried at both doors, and what is open is named', async () => {
  const asked: string[] = [];
  const refuse = (open: string) => async (method: string, path: string) => {
    asked.push(`${method} ${path}`);
    return { status: path === open ? 401 : 404, location: null };
  };
  const deployed = allRoutes.filter(({ development }) => !development);
  const [units] = await unitsDoor(refuse('/api/devices'), DEVICE_HOST);
  expect(units?.message).toContain('answers GET /api/devices: only units’ routes may be');
  expect(asked).toHaveLength(deployed.length);
  const none = { status: 403, location: null };
  expect(await plainDoor(async () => none, 'http://bench.example.net')).toEqual([]);
  const moved = { status: 301, location: 'https://bench.example.net/' };
  expect(await plainDoor(async () => moved, 'http://bench.example.net')).toEqual([]);
  const [plain] = await plainDoor(refuse('/api/stats'), 'http://bench.example.net');
  expect(plain?.message).toMatch(/answers .* more: HTTPS only must hold/);
  const others = deployed.filter((route) => !isOfUnits(route) && route.path !== HEALTH_PATH);
  expect(asked).toHaveLength(deployed.length + others.length);
});

test('nobody there is a finding, too', async () => {
  const port = await serve(fine);
  servers.at(-1)?.close();
  await new Promise((later) => setTimeout(later, 50));
  const page = `http://127.0.0.1:${port}`;
  const units = { deviceHost: DEVICE_HOST, devicePort: port, deviceAddress: '127.0.0.1' };
  const found = errorsOf(await lookLive({ ...units, page, plainPage: page }));
  expect(found).toHaveLength(6);
  expect(found[0]).toContain('does not answer a unit');
});
