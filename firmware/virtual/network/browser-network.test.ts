/** BrowserNetwork with the real fetch against a real server, and its request reader alone. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BrowserNetwork } from './browser-network.ts';
import { BODY_BYTES_MAX, HEAD_BYTES_MAX, RequestReader } from './http-request.ts';
import { describeNetwork } from './testing/conformance.ts';
import { exchange, post, startServer } from './testing/server.ts';

const DEVICE = { deviceHost: 'sensors.example.net', devicePort: 80 };
const TARGET = { host: 'Sensors.example.net', port: 80 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describeNetwork((port) => ({
  network: new BrowserNetwork({ ...DEVICE, origin: `http://127.0.0.1:${port}` }),
  target: TARGET,
}));

test('every host but the configured one is refused', async () => {
  const network = new BrowserNetwork({ ...DEVICE, origin: 'http://127.0.0.1:9' });
  for (const target of [
    { host: 'other.example.net', port: 80 },
    { ...TARGET, port: 81 },
  ]) {
    const transcript = await exchange(network, target, '');
    expect(transcript.events[1]).toMatch(/^error refused/);
  }
});

test('a server that is not there resets', async () => {
  const network = new BrowserNetwork({ ...DEVICE, origin: 'http://127.0.0.1:9' });
  const transcript = await exchange(network, TARGET, post('/api/reading', '{}'));
  expect(transcript.events.at(-1)).toMatch(/^error reset/);
});

test('only three headers come back, with the true length', async () => {
  const { server, port } = await startServer();
  const network = new BrowserNetwork({ ...DEVICE, origin: `http://127.0.0.1:${port}` });
  const transcript = await exchange(network, TARGET, post('/other', 'äö'));
  server.close();
  const [head = '', body = ''] = transcript.text.split('\r\n\r\n');
  expect(head.split('\r\n')).toEqual([
    'HTTP/1.1 404 Not Found',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]);
});

test.each([
  ['another server', 'GET //evil.example.net/ HTTP/1.1\r\n\r\n'],
  ['a full address', 'GET http://evil.example.net/ HTTP/1.1\r\n\r\n'],
  ['not HTTP', 'hello\r\n\r\n'],
  ['a bad header', 'GET / HTTP/1.1\r\nno colon\r\n\r\n'],
  ['a bad length', 'GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n'],
  ['chunks', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['a long head', `GET / HTTP/1.1\r\nX: ${'x'.repeat(HEAD_BYTES_MAX)}`],
  ['a long body', `POST / HTTP/1.1\r\nContent-Length: ${BODY_BYTES_MAX + 1}\r\n\r\n`],
])('%s is cut off and never fetched', async (_name, request) => {
  let fetched = 0;
  const spy: typeof fetch = () => {
    fetched += 1;
    return Promise.reject(new Error('not allowed'));
  };
  const network = new BrowserNetwork({ ...DEVICE, origin: 'http://127.0.0.1:9', fetch: spy });
  const transcript = await exchange(network, TARGET, request);
  expect(transcript.events.at(-1)).toMatch(/^error reset/);
  expect(fetched).toBe(0);
});

test('a request may come in any pieces', () => {
  const whole = bytes(post('/api/reading?d=JBNB0001', '{"i":1,"ü":2}'));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }), (sizes) => {
      const reader = new RequestReader();
      let at = 0;
      for (const size of sizes) {
        const end = Math.min(at + size, whole.length - 1);
        expect(reader.push(whole.subarray(at, end))).toBeNull();
        at = end;
      }
      const request = reader.push(whole.subarray(at));
      expect(request?.target).toBe('/api/reading?d=JBNB0001');
      expect(new TextDecoder().decode(request?.body)).toBe('{"i":1,"ü":2}');
      expect(request?.headers.get('authorization')).toBe('Bearer t0ken');
    }),
  );
});
