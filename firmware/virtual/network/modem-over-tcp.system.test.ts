/** The whole way: AT commands, virtual air, a real socket or fetch, a real HTTP server. */

import { expect, test } from 'vitest';
import { VirtualModem } from '../modem/modem.ts';
import { TestClock } from '../modem/testing/clock.ts';
import { BrowserNetwork } from './browser-network.ts';
import type { Network } from './network.ts';
import { NodeNetwork } from './node-network.ts';
import { post, startServer } from './testing/server.ts';

const HOST = 'sensors.example.net';

async function report(network: Network): Promise<void> {
  const clock = new TestClock();
  const modem = new VirtualModem({ clock, network, receiveBlockBytes: 400, pieceBytes: 3 });
  let text = '';
  modem.onData = (bytes) => {
    text += new TextDecoder().decode(bytes);
  };
  const write = (command: string): void => modem.write(new TextEncoder().encode(command));
  const until = async (expected: string): Promise<void> => {
    for (let turn = 0; !text.includes(expected); turn += 1) {
      if (turn > 3000) throw new Error(`waited in vain for ${expected} in ${text}`);
      clock.advance(20);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    text = text.slice(text.indexOf(expected) + expected.length);
  };
  await until('SMS Ready');
  write('ATE0\r\n');
  await until('OK');
  write('AT+CGDCONT=0,"IP","hologram"\r\n');
  await until('OK');
  write('AT+CGATT=1\r\n');
  await until('OK');
  write('AT+NETOPEN\r\n');
  await until('+NETOPEN: 0');
  write(`AT+CIPOPEN=0,"TCP","${HOST}",80\r\n`);
  await until('+CIPOPEN: 0,0');
  const request = post('/api/reading', '{"d":"JBNB0001","i":4}');
  write(`AT+CIPSEND=0,${request.length}\r\n`);
  await until('>');
  write(request);
  await until(`+CIPSEND: 0,${request.length},${request.length}`);
  await until('HTTP/1.1 201 Created');
  await until('+IPCLOSE: 0,1');
  modem.dispose();
}

test.each<[string, (port: number) => Network]>([
  ['node:net', (port) => new NodeNetwork({ route: () => ({ host: '127.0.0.1', port }) })],
  [
    'fetch',
    (port) =>
      new BrowserNetwork({
        deviceHost: HOST,
        devicePort: 80,
        origin: `http://127.0.0.1:${port}`,
      }),
  ],
])(
  'a reading goes out through %s and the peer closes',
  async (_name, make) => {
    const { server, port, seen } = await startServer();
    try {
      await report(make(port));
      expect(seen).toEqual(['POST /api/reading Bearer t0ken  {"d":"JBNB0001","i":4}']);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
  20_000,
);
