/** One front door: nothing inside is reached or shown (decision 0046, `front-door.ts`). */
import { exchange, isWhole } from '../../scripts/deploy/live.ts';
import { SECRET, startWorker } from '../testing/worker-stack.ts';
import { ask } from './product.ts';
import { type Attack, BAKERY, makePerson, tally } from './world.ts';

const INSIDE = /node_modules|file:\/\/|\bat .*:\d+:\d+|\.ts:\d+|SQLITE|D1_ERROR/;
const CLOSED = [
  '/cdn-cgi/explorer',
  '/./cdn-cgi/explorer',
  '//cdn-cgi/explorer',
  '/x/../cdn-cgi/explorer/api/d1',
  '/%2e/cdn-cgi/explorer',
  '/x%2f..%2fcdn-cgi/explorer',
  '/CDN-CGI/explorer',
  '/cdn-cgi/handler/scheduled?cron=7+*+*+*+*',
  '/supabase/auth/v1/../../admin',
  '/supabase/auth/v1/%2e%2e/%2e%2e/admin',
  '/supabase/',
  '/.vite/manifest.json',
  '/.dev.vars',
  '/.env',
];
const raw = (port: number, line: string, ...headers: string[]) =>
  exchange(
    '127.0.0.1',
    port,
    [line, ...headers, 'Connection: close', '', ''].join('\r\n'),
    isWhole,
  );
/** What workerd itself says to what is no request, before any door, as the edge in production. */
const BARE =
  /^HTTP\/1\.1 \d{3} [\w ]+\r\n(Connection: close\r\n)?Content-Length: \d+\r\n\r\n[\w ]+$/;

export const frontDoor: readonly Attack[] = [
  {
    name: 'G · the runtime’s explorer, triggers and files, however they are written',
    async run({ product: { port } }) {
      const open: string[] = [];
      for (const path of CLOSED) {
        const answer = await raw(port, `GET ${path} HTTP/1.1`, `Host: localhost:${port}`);
        if (!/^HTTP\/1\.1 404/.test(answer) || INSIDE.test(answer)) open.push(path);
      }
      const words = `${CLOSED.length} addresses, open: ${open.join(' ') || 'none'}`;
      return { right: open.length === 0, words };
    },
  },
  {
    name: 'G · an unsigned request with a body shows the inside',
    async run({ product }) {
      const shown: string[] = [];
      const paths = ['/api/v1/units', '/api/reading', '/api/nope', '/health', '/store', '/x?y=%ff'];
      for (const path of paths) {
        for (const body of ['{', 'x'.repeat(100_000), '\u0000', '{"__proto__":{"a":1}}']) {
          const { text, status } = await ask(product, path, { method: 'POST', body });
          if (INSIDE.test(text) || status >= 500) shown.push(`${path} ${status}`);
        }
      }
      return {
        right: shown.length === 0,
        words: `24 requests, shown: ${shown.join() || 'nothing'}`,
      };
    },
  },
  {
    name: 'G · device routes: another Host is served, another origin is told nothing',
    async run({ product: { port } }) {
      const host = 'Host: ingest.example.net';
      const unit = await raw(port, 'GET /api/config/JBNB0001 HTTP/1.1', host, 'Origin: http://x.y');
      const person = await raw(port, 'GET /api/v1/me HTTP/1.1', 'Host: evil.example.net');
      const statuses = [unit, person].map((wire) => wire.slice(9, 12));
      const cors = /^(access-control|vary)/im.test(unit);
      return {
        right: /^(401|429)$/.test(statuses[0] ?? '') && statuses[1] === '403' && !cors,
        words: `a unit ${statuses[0]}, a person ${statuses[1]}, CORS ${cors ? 'yes' : 'no'}`,
      };
    },
  },
  {
    name: 'G · answers without their headers, and missing files that are kept',
    async run({ product }) {
      const lacking: string[] = [];
      const paths = ['/', '/store', '/assets/gone.js', '/favicon.ico', '/api/nope', '/health'];
      for (const path of [...paths, '/api/v1/me', '/api/v1/settings', '/api/v1/docs']) {
        const { headers, status } = await ask(product, path);
        const cache = headers.get('cache-control') ?? '';
        const policy = headers.get('content-security-policy') ?? '';
        if (headers.get('x-content-type-options') !== 'nosniff') lacking.push(`${path} nosniff`);
        if (cache === '') lacking.push(`${path} cache`);
        if (!/^default-src 'none'/.test(policy)) lacking.push(`${path} policy`);
        if (/\*\.supabase/.test(policy)) lacking.push(`${path} any project`);
        if (status >= 400 && /max-age=[1-9]/.test(cache)) lacking.push(`${path} kept`);
      }
      return { right: lacking.length === 0, words: lacking.join(', ') || 'none lacks any' };
    },
  },
  {
    name: 'G · refusals of every layer, and headers of the runtime from outside',
    async run({ product: { port } }) {
      const host = `Host: localhost:${port}`;
      const asked: [string, ...string[]][] = [
        ['GET / HTTP/1.1', 'Host: evil.example.net'],
        ['GET /x HTTP/1.1'],
        ['GET http://evil.example.net/api/v1/me HTTP/1.1', host],
        ['GET /cdn-cgi/explorer HTTP/1.1', host],
        ['GET /index.html HTTP/1.1', host],
        ['GET /licences.txt HTTP/1.1', host, 'Range: bytes=0-1'],
        ['GET / HTTP/1.1', host, 'Expect: cake'],
        ['TRACE / HTTP/1.1', host],
        ['POST / HTTP/1.1', host, 'Content-Length: 5000000'],
        ['GET /supabase/auth/v1/user HTTP/1.1', host],
        ['GET /supabase/storage/v1/x HTTP/1.1', host],
        ['GET / HTTP/1.1', host, 'MF-Route-Override: x'],
        ['GET /api/v1/me HTTP/1.1', host, 'MF-CF-Blob: {'],
      ];
      const wrong: string[] = [];
      for (const [line, ...headers] of asked) {
        const answer = await raw(port, line, ...headers);
        const lacks = [/^cache-control: /im, /^x-content-type-options: nosniff/im];
        const lacking = lacks.some((header) => !header.test(answer));
        const isOurs = !/^HTTP\/1\.1 5|No entrypoint/.test(answer);
        if (BARE.test(answer)) continue;
        if (lacking || !isOurs || INSIDE.test(answer)) wrong.push(`${line} ${answer.slice(9, 12)}`);
      }
      const words = `${asked.length} requests, wrong: ${wrong.join('; ') || 'none'}`;
      return { right: wrong.length === 0, words };
    },
  },
  {
    name: 'H · Supabase asked directly: by nobody, by an owner about others, for writing',
    async run(world) {
      const { product } = world;
      const { token } = await makePerson(world, 'owner', [BAKERY]);
      const apikey = product.secrets.publishableKey;
      const rest = (path: string, bearer: string | null, body?: object) =>
        ask(product, `/supabase/rest/v1/${path}`, {
          token: bearer,
          headers: { apikey },
          ...(body ? { body } : {}),
        });
      const strangers = await rest('foot_traffic?select=location_id', null);
      const own = await rest('foot_traffic?select=location_id&limit=1000', token);
      const places = [
        ...new Set((own.json as { location_id: string }[]).map((r) => r.location_id)),
      ];
      const member = {
        location_id: 'canal-books',
        user_id: '00000000-0000-4000-8000-000000000000',
      };
      const wrote = (await rest('location_members', token, member)).status;
      const none = !Array.isArray(strangers.json) || strangers.json.length === 0;
      return {
        right: none && places.join() === BAKERY && [401, 403].includes(wrote),
        words: `nobody sees ${none ? 'none' : 'rows'}, an owner ${places}, writing ${wrote}`,
      };
    },
  },
  {
    name: 'F · a production Worker runs with the secret that signs anybody’s token',
    async run() {
      const { host, port, stop } = await startWorker('worker/index.ts', {
        ENVIRONMENT: 'production',
      });
      try {
        const lines = ['GET /health HTTP/1.1', 'Host: bench.example.net', 'Connection: close'];
        const status = (await exchange(host, port, `${lines.join('\r\n')}\r\n\r\n`)).slice(9, 12);
        return { right: status === '503', words: status };
      } finally {
        await stop();
      }
    },
  },
  {
    name: 'H · the monitor’s route opens to other keys',
    async run({ product, admin, owner }) {
      const statuses = [];
      for (const token of [null, product.secrets.adminKey, admin, owner, 'x'.repeat(48)]) {
        statuses.push((await ask(product, '/api/monitor', { token })).status);
      }
      return { right: statuses.every((s) => s === 401 || s === 429), words: tally(statuses) };
    },
  },
  {
    name: 'G · in production: portal, admin API and page over plain HTTP, and on the units’ hostname',
    async run() {
      const DEVICE_HOST = 'devices.example.net';
      const vars = { ENVIRONMENT: 'production', SUPABASE_JWT_SECRET: '', DEVICE_HOST };
      const { host, port, stop } = await startWorker('worker/index.ts', vars);
      try {
        const seen: string[] = [];
        for (const name of [DEVICE_HOST, 'bench.example.net']) {
          for (const path of ['/api/devices', '/api/v1/settings', '/api/v1/me', '/store']) {
            const key = `Authorization: Bearer ${SECRET}`;
            const lines = [`GET ${path} HTTP/1.1`, `Host: ${name}`, key, 'Connection: close'];
            seen.push((await exchange(host, port, `${lines.join('\r\n')}\r\n\r\n`)).slice(9, 12));
          }
        }
        const right = seen.join(' ') === '404 404 404 404 403 403 403 301';
        return { right, words: `units’ hostname ${seen.slice(0, 4)}, people’s ${seen.slice(4)}` };
      } finally {
        await stop();
      }
    },
  },
];
