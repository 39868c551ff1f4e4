/**
 * Raw bytes over a socket through Vite's server of development: what modems send gets to whatever
 * answers behind it, and the answer comes back without additions. What is built has another door
 * (scripts/door).
 */
import { type AddressInfo, connect } from 'node:net';
import { type Connect, createServer, type Plugin } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANSWER_HEADERS } from '../../shared/answer-headers.ts';
import { allRoutes, isOfUnits } from '../../worker/http/routes.ts';
import { frontDoor } from './front-door.ts';

const ANSWER = '{"status":"ok"}';
/** Nothing here asks it. */
const NO_SUPABASE = 1;
const BODY = '{"d":"JBNB0001"}';

/** Answers every unit as the Worker would, once it has the body. */
const answer: Connect.NextHandleFunction = async (req, res) => {
  let body = '';
  try {
    for await (const part of req) body += part;
  } catch {
    return; // cut off before it was whole
  }
  await new Promise((later) => setTimeout(later, 30));
  res.writeHead(body.startsWith(BODY) ? 201 : 400, { 'Content-Length': ANSWER.length });
  res.end(ANSWER);
};
const worker: Plugin = {
  name: 'worker',
  configureServer: ({ middlewares }) => void middlewares.use('/api', answer),
};

const options = {
  configFile: false as const,
  logLevel: 'silent' as const,
  root: import.meta.dirname,
  plugins: [...frontDoor(NO_SUPABASE), worker],
  server: { port: 0, cors: false, host: '127.0.0.1', ws: false as const },
  build: { outDir: '.' },
};

let port = 0;
let close = async () => {};
beforeAll(async () => {
  const server = await (await createServer(options)).listen();
  const address = server.httpServer?.address() as AddressInfo;
  port = address.port;
  close = () => server.close();
});
afterAll(() => close());

function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });
}

const request = (lines: string[], behind = '', body = BODY) =>
  [...lines, `Content-Length: ${body.length}`, 'Connection: close', '', body].join('\r\n') + behind;
const POST = 'POST /api/reading HTTP/1.1';
const HOST = 'Host: localhost';

describe('in development', () => {
  test.each([
    ['as it should be', request([POST, HOST])],
    ['another Host', request([POST, 'Host: ingest.example.net:80'])],
    ['a query', request(['POST /api/reading?x=1 HTTP/1.1', 'Host: ingest.example.net'])],
    ['an empty Host', request([POST, 'Host:'])],
    ['no Host', request([POST])],
    ['HTTP/1.0 without Host', request(['POST /api/reading HTTP/1.0'])],
    [
      'HTTP/1.0 with another Host',
      request(['POST /api/heartbeat HTTP/1.0', 'Host: x.example.net']),
    ],
    [
      'an offer of HTTP/2',
      request([POST, HOST, 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA']).replace(
        'Connection: close',
        'Connection: Upgrade, HTTP2-Settings, close',
      ),
    ],
    ['a NUL behind the body', request([POST, HOST], '\0')],
    ['a line end behind the body', request([POST, HOST], '\r\n')],
    ['a NUL and a line end in the body', request([POST, HOST], '', `${BODY}\0\r\n`)],
  ])('%s', async (_name, text) => {
    const heard = await exchange(port, text);
    expect(heard).toMatch(/^HTTP\/1\.1 201 /);
    expect(heard.slice(0, 511)).toContain(ANSWER);
    expect(heard).not.toMatch(/^(vary|access-control|transfer-encoding)/im);
  });

  test('people’s routes keep their checks', async () => {
    const ask = (...lines: string[]) => exchange(port, request(lines));
    const me = 'POST /api/v1/me HTTP/1.1';
    expect(await ask(me, 'Host: evil.example.net')).toMatch(/^HTTP\/1\.1 403 /);
    expect(await ask(me)).toMatch(/^HTTP\/1\.1 400 /);
    const list = 'POST /api/readings HTTP/1.1';
    expect(await ask(list, 'Host: evil.example.net')).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('every route of the table: a unit’s under any Host, no other', async () => {
    const admitted: string[] = [];
    for (const route of allRoutes.filter(({ path }) => path.startsWith('/api/'))) {
      const path = route.path.replace(/\{(\w+)\}/g, (_all, n) => route.example?.params?.[n] ?? n);
      const lines = [`${route.method} ${path} HTTP/1.1`, 'Host: ingest.example.net'];
      const heard = await exchange(port, request(lines));
      if (!/^HTTP\/1\.1 403 /.test(heard)) admitted.push(`${route.method} ${route.path}`);
    }
    const ofUnits = allRoutes.filter(isOfUnits).map(({ method, path }) => `${method} ${path}`);
    expect(admitted).toEqual(ofUnits);
  });

  test('a body in chunks that are none is answered 400, not waited for', async () => {
    const text = [POST, HOST, 'Transfer-Encoding: chunked', '', 'zz', 'hello', ''].join('\r\n');
    expect(await exchange(port, text)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('a method that cannot be handed on is refused for good', async () => {
    const ask = request(['TRACE /api/v1/me HTTP/1.1', HOST], '', '');
    expect(await exchange(port, ask)).toMatch(/^HTTP\/1\.1 405 /);
  });

  test('what is no HTTP is answered 400', async () => {
    expect(await exchange(port, 'AT+CSQ\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  test.each([
    ['400', 'AT+CSQ\r\n\r\n'],
    ['400', request(['GET /x HTTP/1.1'])],
    ['400', request(['GET /x HTTP/1.1', HOST, `X: ${'x'.repeat(20_000)}`])],
    ['403', request(['GET /api/v1/me HTTP/1.1', 'Host: evil.example.net'])],
    ['404', request(['GET /gone.js HTTP/1.1', HOST])],
    ['417', request(['GET /api/v1/me HTTP/1.1', HOST, 'Expect: cake'])],
  ])('%s, from Node or Vite, has the headers of every answer', async (status, text) => {
    const heard = await exchange(port, text);
    const lines = heard.split('\r\n').map((line) => line.toLowerCase());
    expect(lines[0]).toMatch(new RegExp(`^http/1\\.1 ${status} `));
    for (const name of Object.keys(ANSWER_HEADERS)) {
      const of = lines.filter((line) => line.startsWith(`${name.toLowerCase()}: `));
      expect([name, of.length]).toEqual([name, 1]);
    }
  });
});
