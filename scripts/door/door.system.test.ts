/**
 * Raw bytes over a socket through the door in workerd, as `npm start` has it: what modems send gets
 * to the Worker behind, and the answer comes back without additions; what is nobody's business does
 * not. The Worker behind is a few lines, which tell what they were asked.
 */
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ANSWER_HEADERS } from '../../shared/answer-headers.ts';
import { allRoutes, isOfUnits } from '../../worker/http/routes.ts';
import { bundleWorker } from '../build/worker-module.ts';
import { exchange, isWhole } from '../deploy/live.ts';
import { CRON_HEADER, PEER_HEADER } from './address.ts';

const KEY = 'one-time-key';
const BODY = '{"d":"JBNB0001"}';
const HOST = 'Host: localhost';
const POST = 'POST /api/reading HTTP/1.1';
/** As long as a unit's answer, and no header more. */
const BEHIND = `export default {
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    if (pathname.startsWith('/assets/')) {
      const headers = { 'Content-Type': 'text/javascript; charset=utf-8', ETag: '"a"' };
      return new Response('let a = 1;'.repeat(1000), { headers });
    }
    if (pathname === '/asked') return Response.json([request.url, ...request.headers]);
    const body = await request.text();
    const right = body.startsWith('{"d":"JBNB0001"}') || request.method === 'GET';
    return new Response('{"status":"ok"}', { status: right ? 201 : 400 });
  },
  async scheduled({ cron }) { if (cron !== '7 * * * *') throw new Error('no such job'); },
};`;

interface Workerd {
  ready: Promise<unknown>;
  unsafeGetDirectURL(worker: string): Promise<URL>;
  dispose(): Promise<void>;
}
let workerd: Workerd;
let supabase: Server;
let port = 0;

beforeAll(async () => {
  supabase = createServer((req, res) => {
    const moved = req.url?.startsWith('/auth/v1/verify');
    res.writeHead(moved ? 303 : 200, { Location: 'http://localhost/', 'X-Asked': `${req.url}` });
    res.end();
  });
  await new Promise<void>((resolve) => supabase.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(supabase.address() as AddressInfo).port}`;
  const wrangler = createRequire(import.meta.url).resolve('wrangler');
  const { Miniflare, convertV4MiniflareOptions } = createRequire(wrangler)('miniflare');
  const worker = (name: string, contents: string) => {
    const modules = [{ type: 'ESModule', path: 'worker.js', contents }];
    return { name, compatibilityDate: '2026-10-01', modules };
  };
  const door = {
    ...worker('door', await bundleWorker('scripts/door/worker.ts')),
    compatibilityFlags: ['service_binding_extra_handlers'],
    bindings: {
      ...{ ORIGIN: 'http://localhost:5170', SUPABASE_ORIGIN: `http://${address}` },
      CRON_KEY: KEY,
    },
    serviceBindings: { APP: 'behind', SUPABASE: { external: { address, http: {} } } },
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  };
  const options = { workers: [door, worker('behind', BEHIND)], handleStructuredLogs: () => {} };
  workerd = new Miniflare(convertV4MiniflareOptions(options)) as Workerd;
  await workerd.ready;
  port = Number((await workerd.unsafeGetDirectURL('door')).port);
}, 60_000);
afterAll(async () => {
  await workerd?.dispose();
  supabase.close();
});

const send = (text: string) => exchange('127.0.0.1', port, text, isWhole);
const request = (lines: string[], behind = '', body = BODY) =>
  [...lines, `Content-Length: ${body.length}`, '', body].join('\r\n') + behind;
const get = (path: string, ...headers: string[]) =>
  send([`GET ${path} HTTP/1.1`, ...(headers.length > 0 ? headers : [HOST]), '', ''].join('\r\n'));

test.each([
  ['as it should be', request([POST, HOST])],
  ['another Host', request([POST, 'Host: ingest.example.net:80'])],
  ['a query', request(['POST /api/reading?x=1 HTTP/1.1', 'Host: ingest.example.net'])],
  ['HTTP/1.0 with another Host', request(['POST /api/heartbeat HTTP/1.0', 'Host: x.example.net'])],
  [
    'an offer of HTTP/2',
    request([
      ...[POST, HOST, 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'],
      'Connection: Upgrade, HTTP2-Settings',
    ]),
  ],
  ['a NUL behind the body', request([POST, HOST], '\0')],
  ['a line end behind the body', request([POST, HOST], '\r\n')],
  ['a NUL and a line end in the body', request([POST, HOST], '', `${BODY}\0\r\n`)],
])('a unit’s request, %s', async (_name, text) => {
  const heard = await send(text);
  expect(heard).toMatch(/^HTTP\/1\.1 201 /);
  expect(heard.slice(0, 511)).toContain('{"status":"ok"}');
  const [head = ''] = heard.split('\r\n\r\n');
  const names = head
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(':')[0]);
  expect(names.sort()).toEqual(['Content-Length', 'Content-Type']);
});

test('every route of the table: a unit’s under any Host, no other', async () => {
  const admitted: string[] = [];
  for (const route of allRoutes.filter(({ path }) => path.startsWith('/api/'))) {
    const path = route.path.replace(/\{(\w+)\}/g, (_all, n) => route.example?.params?.[n] ?? n);
    const heard = await send(
      request([`${route.method} ${path} HTTP/1.1`, 'Host: ingest.example.net']),
    );
    if (!/^HTTP\/1\.1 403 /.test(heard)) admitted.push(`${route.method} ${route.path}`);
  }
  const ofUnits = allRoutes.filter(isOfUnits).map(({ method, path }) => `${method} ${path}`);
  expect(admitted).toEqual(ofUnits);
});

test('the Worker sees one origin, the real address and nothing that was claimed', async () => {
  const claims = ['CF-Connecting-IP: 6.6.6.6', 'X-Forwarded-For: 6.6.6.6', `${PEER_HEADER}: 6.6`];
  const heard = await get('/asked?a=../b', 'Host: 127.0.0.1:1', 'X-Own: 7', ...claims);
  const [url, ...headers] = JSON.parse(heard.slice(heard.indexOf('\r\n\r\n')));
  expect(url).toBe('http://localhost:5170/asked?a=../b');
  const named = Object.fromEntries(headers as [string, string][]);
  expect(named).toMatchObject({ [PEER_HEADER.toLowerCase()]: '127.0.0.1', 'x-own': '7' });
  expect(JSON.stringify(named)).not.toContain('6.6');
});

test.each([
  ['localhost', 201],
  ['localhost:5170', 201],
  ['bench.localhost:80', 201],
  ['127.0.0.1:5170', 201],
  ['[::1]:5170', 201],
  ['evil.example.net', 403],
  ['localhost.example.net', 403],
  ['127.0.0.1.example.net', 403],
])('people’s addresses as %s: %d', async (name, status) => {
  expect(await get('/api/v1/me', `Host: ${name}`)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

test('the runtime’s own addresses are closed, however they are written', async () => {
  for (const path of [
    ...['/cdn-cgi/explorer', '/./cdn-cgi/explorer', '//cdn-cgi/explorer', '/CDN-CGI/explorer'],
    ...['/x/../cdn-cgi/explorer/api/d1', '/%2e/cdn-cgi/explorer', '/x%2f..%2fcdn-cgi/explorer'],
    ...['/cdn-cgi/handler/scheduled?cron=7+*+*+*+*', '/supabase/auth/v1/../../admin'],
    ...['/supabase/auth/v1/%2e%2e/%2e%2e/admin', '/supabase/', '/supabase', '/supabase/rest/v2/x'],
  ]) {
    expect(await get(path), path).toMatch(/^HTTP\/1\.1 404 /);
  }
});

test('the jobs’ trigger: for whoever has the key, and it says how a job ended', async () => {
  const ask = (cron: string, key: string) =>
    get(`/cdn-cgi/handler/scheduled?cron=${cron}`, HOST, `${CRON_HEADER}: ${key}`);
  expect(await ask('7+*+*+*+*', KEY)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await ask('8+*+*+*+*', KEY)).toMatch(/^HTTP\/1\.1 500 /);
  expect(await ask('7+*+*+*+*', `${KEY}x`)).toMatch(/^HTTP\/1\.1 404 /);
  expect(await ask('7+*+*+*+*', '')).toMatch(/^HTTP\/1\.1 404 /);
});

test('Supabase answers below its prefix, redirects included', async () => {
  expect(await get('/supabase/auth/v1/verify?token=x')).toMatch(/^HTTP\/1\.1 303 /);
  expect(await get('/supabase/rest/v1/a?b=c')).toMatch(/^x-asked: \/rest\/v1\/a\?b=c\r$/im);
});

test('people’s answers tell the time: the page sets its clock by them', async () => {
  const date = /^date: (.*)\r$/im.exec(await get('/api/v1/me'))?.[1];
  expect(Math.abs(Date.parse(date ?? '') - Date.now())).toBeLessThan(5000);
});

test('files of the page are packed for whoever takes it, as at the edge', async () => {
  const plain = await get('/assets/a.js');
  expect(plain).toMatch(/^etag: "a"\r$/im);
  expect(plain).not.toMatch(/^content-encoding/im);
  expect(plain).toContain('let a = 1;let a = 1;');
  const url = `http://127.0.0.1:${port}/assets/a.js`;
  const answer = await fetch(url, { headers: { 'Accept-Encoding': 'br, gzip' } });
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-encoding': 'gzip',
    etag: 'W/"a"',
    vary: 'Accept-Encoding',
  });
  expect(await answer.text()).toBe('let a = 1;'.repeat(1000));
  expect(await get('/asked', HOST, 'Accept-Encoding: gzip')).not.toMatch(/^content-encoding/im);
});

test.each([
  ['403', 'GET /api/v1/me HTTP/1.1', 'Host: evil.example.net'],
  ['404', 'GET /cdn-cgi/x HTTP/1.1', HOST],
  ['405', 'TRACE /api/v1/me HTTP/1.1', HOST],
  ['201', 'GET /api/v1/me HTTP/1.1', HOST],
  ['200', 'GET /supabase/rest/v1/a HTTP/1.1', HOST],
])('%s has the headers of every answer, once each', async (status, ...lines) => {
  const heard = await send([...lines, '', ''].join('\r\n'));
  const all = heard.split('\r\n').map((line) => line.toLowerCase());
  expect(all[0]).toMatch(new RegExp(`^http/1\\.1 ${status} `));
  for (const name of Object.keys(ANSWER_HEADERS)) {
    const of = all.filter((line) => line.startsWith(`${name.toLowerCase()}: `));
    expect([name, of.length]).toEqual([name, 1]);
  }
});

test('a body that no route takes is refused before it comes', async () => {
  for (const line of ['POST / HTTP/1.1', POST]) {
    const heard = await send([line, HOST, 'Content-Length: 5000000', '', ''].join('\r\n'));
    expect(heard).toMatch(/^HTTP\/1\.1 413 /);
  }
});

/** By workerd itself, before the door: as the edge does in production, in words of one line. */
test.each([
  ['400', 'GET /x HTTP/1.1'],
  ['400', 'POST /api/reading HTTP/1.0'],
  ['501', 'AT+CSQ'],
  ['500', 'GET http://evil.example.net/api/v1/me HTTP/1.1', HOST],
  ['500', 'GET /api/v1/me HTTP/1.1', HOST, 'Host: evil.example.net'],
])('%s for what is no request, and nothing of the inside', async (status, ...lines) => {
  const heard = await send([...lines, '', ''].join('\r\n'));
  expect(heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(heard.slice(heard.indexOf('\r\n\r\n'))).toMatch(/^\r\n\r\n[\w :.]{0,40}$/);
});
