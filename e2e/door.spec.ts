/** `npm start` by its front door: what is refused, what is closed; nothing inside is shown. */
import { expect, test } from '@playwright/test';
import { stack } from './testing/stack.ts';

const INSIDE = /node_modules|file:\/\/|\bat .*:\d+:\d+|\.ts:\d+/;

test('refused large bodies cost nobody else an answer', async () => {
  const { url } = stack();
  const seen: Record<string, number> = {};
  for (let i = 0; i < 240; i += 1) {
    const bytes = i % 30 === 0 ? 8_000_000 : 1_000_000;
    const headers = { Authorization: `Bearer ${'x'.repeat(43)}` };
    const large = { method: 'POST', headers, body: `{"d":"JBNB0001","x":"${'y'.repeat(bytes)}"}` };
    const path = ['/api/reading', '/api/v1/settings', '/health'][i % 3] ?? '/';
    const answer = await fetch(url + path, i % 3 === 0 ? large : {}).catch(() => null);
    // what is far too large may be cut off while it is still being sent
    if (!answer) expect(bytes).toBeGreaterThan(4_000_000);
    expect((await answer?.text()) ?? '').not.toMatch(INSIDE);
    const status = answer?.status ?? 413;
    seen[status] = (seen[status] ?? 0) + 1;
  }
  expect(seen).toEqual({ 200: 160, 413: 80 });
});

test('the runtime’s own addresses are closed, however they are written', async ({ request }) => {
  const { url } = stack();
  const port = Number(new URL(url).port);
  const { connect } = await import('node:net');
  const raw = (path: string) =>
    new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () =>
        socket.end(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`),
      );
      socket.on('data', (data) => {
        text += data;
      });
      socket.on('close', () => resolve(text));
    });
  for (const path of [
    '/cdn-cgi/explorer',
    '/./cdn-cgi/explorer',
    '//cdn-cgi/explorer',
    '/x/../cdn-cgi/explorer/api/d1',
    '/%2e/cdn-cgi/explorer',
    '/CDN-CGI/explorer',
    '/cdn-cgi/handler/scheduled',
    '/cdn-cgi/handler/scheduled?cron=7+*+*+*+*',
    '/supabase/auth/v1/../../admin',
    '/supabase/auth/v1/%2e%2e/%2e%2e/admin',
  ]) {
    const answer = await raw(path);
    expect(answer.slice(0, 12), path).toBe('HTTP/1.1 404');
    expect(answer).not.toMatch(INSIDE);
  }
  expect((await request.get(`${url}/health`)).status()).toBe(200);
});

test('a missing file is missing, and every answer has its headers', async () => {
  const { url } = stack();
  const ask = (path: string, init: RequestInit = {}) => fetch(url + path, init);
  for (const path of [
    '/assets/gone-0123.js',
    '/.vite/manifest.json',
    '/favicon.ico',
    '/api/nope',
  ]) {
    const answer = await ask(path);
    expect([path, answer.ok], path).toEqual([path, false]);
    expect(answer.headers.get('content-type'), path).not.toContain('html');
    expect(answer.headers.get('cache-control') ?? '', path).not.toMatch(/max-age=[1-9]|immutable/);
    expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff');
  }
  for (const path of ['/', '/store', '/activate/JBNB0042']) {
    const answer = await ask(path);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('<jb-app')]);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'/);
    expect(policy).toContain("connect-src 'self';");
  }
  for (const init of [{ method: 'DELETE' }, { method: 'POST' }]) {
    const answer = await ask('/health', init);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([405, 'no-store']);
  }
});
