/** NodeNetwork against a real server. */

import { expect, test } from 'vitest';
import { failureOf } from './network.ts';
import { NodeNetwork } from './node-network.ts';
import { describeNetwork } from './testing/conformance.ts';
import { exchange } from './testing/server.ts';

describeNetwork((port) => ({
  network: new NodeNetwork(),
  target: { host: '127.0.0.1', port },
}));

test('a route that leads nowhere refuses', async () => {
  const network = new NodeNetwork({ route: () => null });
  const transcript = await exchange(network, { host: 'sensors.example.net', port: 80 }, '');
  expect(transcript.events[1]).toMatch(/^error refused: sensors\.example\.net:80/);
});

test('a name that does not exist says dns', async () => {
  const transcript = await exchange(new NodeNetwork(), { host: 'no-such.invalid', port: 80 }, '');
  expect(transcript.events[1]).toMatch(/^error dns/);
});

test('reasons without a known word count as unreachable', () => {
  expect(failureOf('dns: x')).toBe('dns');
  expect(failureOf('who knows')).toBe('unreachable');
});
