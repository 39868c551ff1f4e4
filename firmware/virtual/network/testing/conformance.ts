/**
 * What every Network must do, as one suite that each adapter's test runs against a real HTTP
 * server. It knows the port's rules and no adapter.
 */

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Network } from '../network.ts';
import { exchange, post, startServer } from './server.ts';

/** Runs the suite. `make` gets the server's port and names the target a unit would use. */
export function describeNetwork(
  make: (serverPort: number) => { network: Network; target: { host: string; port: number } },
): void {
  let started: Awaited<ReturnType<typeof startServer>>;
  const begin = (): ReturnType<typeof make> => make(started.port);
  beforeAll(async () => {
    started = await startServer();
  });
  afterAll(() => {
    started.server.closeAllConnections();
    started.server.close();
  });

  test.each([1e6, 7, 1])('a reading in pieces of %i bytes gets its answer', async (pieces) => {
    const { network, target } = begin();
    const body = '{"d":"JBNB0001","i":4}';
    const transcript = await exchange(network, target, post('/api/reading', body), pieces);
    expect(transcript.events).toEqual(['returned', 'open', 'data', 'close']);
    expect(transcript.text).toMatch(/^HTTP\/1\.1 201 Created\r\n/);
    expect(transcript.text).toMatch(/\r\nContent-Type: application\/json\r\n/i);
    expect(transcript.text).toMatch(/\r\nConnection: close\r\n/i);
    expect(transcript.text).toContain('\r\n\r\n{"status":"ok","got":22}');
    expect(started.seen.at(-1)).toBe(`POST /api/reading Bearer t0ken  ${body}`);
  });

  test('a connection that the server cuts ends once, with reset or close', async () => {
    const { network, target } = begin();
    const transcript = await exchange(network, target, post('/cut', '{}'));
    expect(transcript.events.slice(0, 2)).toEqual(['returned', 'open']);
    expect(transcript.events).toHaveLength(3);
    expect(transcript.events[2]).toMatch(/^(close|error reset)/);
  });

  test('a port where nobody listens refuses', async () => {
    const { network, target } = begin();
    const transcript = await exchange(network, { ...target, port: 1 }, '');
    expect(transcript.events).toHaveLength(2);
    expect(transcript.events[1]).toMatch(/^error refused/);
  });
  describeClosing(() => ({ ...begin(), seen: started.seen }));
}

/** What `close` must and must not do. */
function describeClosing(
  begin: () => { network: Network; target: { host: string; port: number }; seen: string[] },
): void {
  test('after close nothing is heard any more', async () => {
    const { network, target, seen } = begin();
    const events: string[] = [];
    const connection = network.connect(target.host, target.port, {
      onOpen: () => {
        connection.write(new TextEncoder().encode(post('/hang', '{}')));
        setTimeout(() => connection.close(), 50);
      },
      onData: () => events.push('data'),
      onClose: () => events.push('close'),
      onError: (reason) => events.push(reason),
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(seen.at(-1)).toContain('POST /hang');
    expect(events).toEqual([]);
  });

  test('closed before it opens, it never opens', async () => {
    const { network, target } = begin();
    const events: string[] = [];
    const note = (): void => void events.push('called');
    network
      .connect(target.host, target.port, {
        onOpen: note,
        onData: note,
        onClose: note,
        onError: note,
      })
      .close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(events).toEqual([]);
  });
}
