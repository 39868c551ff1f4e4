/** The two doors of production, tried with every route of the table; and one door elsewhere. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import { beforeEach, describe, expect, test } from 'vitest';
import { ANSWER_HEADERS } from '../../shared/answer-headers.ts';
import worker from '../index.ts';
import { addUnit, freshWorld, TOKEN } from '../testing/world.ts';
import type { HttpEnv } from './kernel/types.ts';
import { type Assets, page } from './page.ts';
import { allRoutes } from './routes.ts';

const PLAIN_UNITS = 'http://devices.example.net';
const PEOPLE = 'bench.example.net';
/** A page and a script, and nothing else, as the platform would hold them. */
const FILES: Record<string, string> = { '/': '<jb-app>', '/assets/main-0123.js': 'export {}' };
const assets: Assets = {
  fetch: async (request) => {
    const text = FILES[new URL(request.url).pathname];
    return new Response(text ?? 'platform: none', { status: text === undefined ? 404 : 200 });
  },
};

/** What every answer carries that a browser may see. */
const TABLE = Object.entries(ANSWER_HEADERS).map(([name, value]) => [name.toLowerCase(), value]);

beforeEach(freshWorld);

async function ask(url: string, init: RequestInit = {}, ENVIRONMENT = 'production') {
  const context = createExecutionContext();
  const request = new Request<unknown, IncomingRequestCfProperties>(url, init as never);
  const settings = { ENVIRONMENT, DEVICE_HOST: 'devices.example.net', SUPABASE_JWT_SECRET: '' };
  const answer = await worker.fetch(
    request,
    { ...env, ...settings, ASSETS: assets as never },
    context,
  );
  await waitOnExecutionContext(context);
  return answer;
}

const filled = (path: string) => path.replace(/\{\w+\}/g, 'JBNB0001');
const key = { Authorization: `Bearer ${env.ADMIN_KEY}` };

describe.each(allRoutes.filter(({ development }) => !development))('$method $path', (route) => {
  const { method, path, who } = route;
  const isUnits = who === 'unit' || who === 'webhook' || path === '/health';

  test('on the units’ hostname', async () => {
    const answer = await ask(PLAIN_UNITS + filled(path), { method, headers: key });
    if (isUnits) return expect(answer.status).not.toBe(404);
    expect([answer.status, await answer.text()]).toEqual([404, '{"error":"not found"}']);
    const overTls = `https://devices.example.net${filled(path)}`;
    expect((await ask(overTls, { method, headers: key })).status).toBe(404);
  });

  test('over plain HTTP on people’s', async () => {
    const answer = await ask(`http://${PEOPLE}${filled(path)}`, { method, headers: key });
    if (isUnits) return expect([403, 404]).not.toContain(answer.status);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(await answer.text()).toContain('HTTPS only');
  });

  test('over HTTPS, and anywhere in development', async () => {
    const there = await ask(`https://${PEOPLE}${filled(path)}`, { method, headers: key });
    expect(await there.text()).not.toMatch(/HTTPS only|There is nothing/);
    const local = await ask(
      `http://localhost${filled(path)}`,
      { method, headers: key },
      'development',
    );
    expect(await local.text()).not.toMatch(/HTTPS only|There is nothing/);
  });
});

test('a unit is heard on its hostname, and its answer carries nothing more', async () => {
  await addUnit('JBNB0001');
  const headers = { Authorization: `Bearer ${TOKEN}` };
  const body = JSON.stringify({ d: 'JBNB0001' });
  const answer = await ask(`${PLAIN_UNITS}/api/heartbeat`, { method: 'POST', headers, body });
  expect(answer.status).toBe(200);
  expect([...answer.headers.keys()].sort()).toEqual(['content-length', 'content-type']);
});

test.each(['/', '/store', '/assets/main-0123.js', '/sw.js', '/api/v1/docs', '/cdn-cgi/x'])(
  '%s is not on the units’ hostname, and is sent to HTTPS elsewhere',
  async (path) => {
    const gone = await ask(PLAIN_UNITS + path);
    expect([gone.status, await gone.text()]).toEqual([404, '{"error":"not found"}']);
    expect([...gone.headers]).toEqual(expect.arrayContaining(TABLE));
    const moved = await ask(`http://${PEOPLE}${path}?x=1`, { redirect: 'manual' });
    const isFile = !/^\/(api|cdn-cgi)/.test(path);
    expect(moved.status).toBe(isFile ? 301 : 403);
    const where = isFile ? `https://${PEOPLE}${path}?x=1` : null;
    expect(moved.headers.get('Location')).toBe(where);
  },
);

test('a part of a file has a cache rule, though the platform gives none', async () => {
  for (const path of ['/store', '/assets/main-0123.js']) {
    const answer = await ask(`https://${PEOPLE}${path}`, { headers: { Range: 'bytes=0-1' } });
    expect([path, answer.headers.get('Cache-Control')]).toEqual([path, 'no-store']);
  }
});

test('files: the page at its addresses, a file where it is, JSON where there is none', async () => {
  const text = async (path: string, init: RequestInit = {}) => {
    const answer = await ask(`https://${PEOPLE}${path}`, init);
    return `${answer.status} ${await answer.text()}`;
  };
  expect(await text('/')).toBe('200 <jb-app>');
  expect(await text('/activate/JBNB0042')).toBe('200 <jb-app>');
  expect(await text('/assets/main-0123.js')).toBe('200 export {}');
  expect(await text('/assets/gone-0123.js')).toMatch(/^404 \{"error"/);
  expect(await text('/store', { method: 'POST' })).toMatch(/^404 \{"error"/);
});

test('what a browser has already is not sent again', async () => {
  const asked: (string | null)[] = [];
  const kept: Assets = {
    fetch: async ({ headers, url }) => {
      asked.push(`${new URL(url).pathname} ${headers.get('If-None-Match')}`);
      return new Response(null, { status: 304 });
    },
  };
  const app = new Hono<HttpEnv>().use('*', page(kept));
  for (const path of ['/store', '/sw.js']) {
    const answer = await app.request(path, { headers: { 'If-None-Match': '"a"' } });
    expect(answer.status).toBe(304);
  }
  expect(asked).toEqual(['/ "a"', '/sw.js "a"']);
});
