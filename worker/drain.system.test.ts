/** Refused bodies on connections that go on: nothing behind them suffers. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorker, type WorkerStack } from '../e2e/testing/worker-stack.ts';

let stack: WorkerStack;
beforeAll(async () => {
  stack = await startWorker();
}, 60_000);
afterAll(() => stack?.stop());

const LARGE = `{"d":"JBNB0001","x":"${'y'.repeat(1_000_000)}"}`;
const TOKEN = { Authorization: `Bearer ${'x'.repeat(43)}` };
const ask = (path: string, init: RequestInit = {}) =>
  fetch(`http://${stack.host}:${stack.port}${path}`, init);

test('240 requests with large bodies between them: each has its own answer', async () => {
  const seen: Record<string, number> = {};
  for (let i = 0; i < 240; i += 1) {
    const large = i % 3 === 0;
    const answer = await (large
      ? ask('/api/reading', { method: 'POST', headers: TOKEN, body: LARGE })
      : ask('/health', i % 3 === 1 ? {} : { method: 'POST', body: LARGE }));
    expect(await answer.text()).not.toMatch(/node_modules|\bat .*:\d+:\d+/);
    seen[answer.status] = (seen[answer.status] ?? 0) + 1;
  }
  expect(seen).toEqual({ 200: 80, 405: 80, 413: 80 });
});

test('one connection: a refused body is read to its end before the next request', async () => {
  const length = LARGE.length;
  const token = `Authorization: ${TOKEN.Authorization}`;
  const lines = ['POST /api/reading HTTP/1.1', 'Host: x', token, `Content-Length: ${length}`];
  const head = `${lines.join('\r\n')}\r\n\r\n`;
  const next = 'GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  const said = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(stack.port, stack.host, () => socket.write(head + LARGE + next));
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
  expect(said.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
});
