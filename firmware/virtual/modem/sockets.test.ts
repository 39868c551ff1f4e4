/** TCP through the modem: prompts, pieces, ends, and everything that can go wrong between. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScriptedNetwork } from '../network/testing/scripted-network.ts';
import { TestUnit } from './testing/unit.ts';
import type { ModemOptions } from './types.ts';

const HOST = 'sensors.example.net';

const make = (options: Partial<ModemOptions> = {}): TestUnit =>
  new TestUnit(
    options,
    new ScriptedNetwork({
      [`${HOST}:80`]: 'accept',
      '192.0.2.7:8080': 'accept',
      'slow.example.net:80': 'hang',
      'nowhere.example.net:80': 'dns',
    }),
  );

/** The bytes of all +IPD blocks in `text`; throws where framing is broken. */
function payload(text: string): string {
  let rest = text;
  let data = '';
  for (;;) {
    const head = /\r\nRECV FROM:[\d.]+:\d+\r\n\+IPD(\d+)\r\n/.exec(rest);
    if (head === null) return data;
    const start = head.index + head[0].length;
    data += rest.slice(start, start + Number(head[1]));
    rest = rest.slice(start + Number(head[1]));
  }
}

test('a request and its answer, from CIPOPEN to the peer closing', () => {
  const unit = make().online();
  expect(unit.send(`AT+CIPOPEN=0,"TCP","${HOST}",80`)).toEqual(['OK']);
  expect(unit.until('+CIPOPEN: 0,0', 3000)).toBeGreaterThan(200);
  expect(unit.modem.awaitingHost).toBe(false);
  unit.send('AT+CIPSEND=0,5');
  expect(unit.text).toBe('\r\n>');
  unit.write('he\r\nl').run(3000);
  expect(unit.lines).toEqual(['>', 'OK', '+CIPSEND: 0,5,5']);
  expect(unit.network.last.text).toBe('he\r\nl');
  expect(unit.modem.awaitingHost).toBe(true);
  unit.network.last.send('answer');
  unit.network.last.end();
  expect(unit.modem.awaitingHost).toBe(false);
  unit.send('AT', 3000);
  expect(payload(unit.text)).toBe('answer');
  expect(unit.text.endsWith('\r\n+IPCLOSE: 0,1\r\n')).toBe(true);
  expect(unit.send('AT+CIPCLOSE=0')).toEqual(['+CIPCLOSE: 0,4', 'ERROR']);
});

test('time waits for the host from connecting until the answer, but not for ever', () => {
  const unit = make().online();
  unit.send('AT+CIPOPEN=0,"TCP","slow.example.net",80', 2000);
  expect(unit.modem.awaitingHost).toBe(true);
  unit.run(31_000);
  expect(unit.modem.awaitingHost).toBe(false);
});

test('what cannot be opened says why', () => {
  const unit = make().ready();
  const open = (host: string): string => `AT+CIPOPEN=1,"TCP","${host}",80`;
  expect(unit.send(open(HOST))).toEqual(['+CIPOPEN: 1,2', 'ERROR']);
  expect(unit.send('AT+CIPSEND=0,5')).toEqual(['+CIPERROR: 2', 'ERROR']);
  unit.online();
  expect(unit.send('AT+CIPSEND=0,5')).toEqual(['+CIPERROR: 4', 'ERROR']);
  expect(unit.send('AT+CIPOPEN=1,"UDP","a.example.net",80')).toEqual(['+CIPOPEN: 1,4', 'ERROR']);
  expect(unit.send('AT+CIPOPEN=1,"TCP","a.example.net",0')).toEqual(['+CIPOPEN: 1,3', 'ERROR']);
  expect(unit.send('AT+CIPOPEN=10,"TCP","a.example.net",80')).toEqual(['ERROR']);
  expect(unit.send(open('other.example.net'), 4000)).toEqual(['OK', '+CIPOPEN: 1,1']);
  expect(unit.send(open('nowhere.example.net'), 4000)).toEqual(['OK', '+CIPOPEN: 1,11']);
  expect(unit.send(open('slow.example.net'), 4000)).toEqual(['OK']);
  expect(unit.send(open(HOST))).toEqual(['+CIPOPEN: 1,4', 'ERROR']);
  expect(unit.until('+CIPOPEN: 1,10', 80_000)).not.toBeNull();
  expect(unit.network.last.closedByModem).toBe(true);
  expect(unit.modem.status.sockets).toBe(0);
});

test('ten sockets at most, each with its own data', () => {
  const unit = make().online();
  for (let socket = 0; socket < 10; socket += 1) {
    unit.send(`AT+CIPOPEN=${socket},"TCP","192.0.2.7",8080`, 3000);
    expect(unit.lines.at(-1)).toBe(`+CIPOPEN: ${socket},0`);
  }
  expect(unit.send('AT+CIPCLOSE?')[0]).toBe('+CIPCLOSE: 1,1,1,1,1,1,1,1,1,1');
  expect(unit.send('AT+CIPOPEN?')[3]).toBe('+CIPOPEN: 3,"TCP","192.0.2.7",8080,-1');
  unit.network.peers[4]?.send('four');
  unit.send('AT', 3000);
  expect(unit.text).toContain('RECV FROM:192.0.2.7:8080\r\n+IPD4\r\nfour');
  expect(unit.send('AT+CIPCLOSE=4', 3000)).toEqual(['OK', '+CIPCLOSE: 4,0']);
  expect(unit.network.peers[4]?.closedByModem).toBe(true);
  unit.send('AT+NETCLOSE', 3000);
  expect(unit.modem.status.sockets).toBe(0);
  expect(unit.network.peers.every((peer) => peer.closedByModem)).toBe(true);
});

test('unsolicited lines wait while the unit is sending a block', () => {
  const unit = make().online().connect();
  unit.send('AT+CIPSEND=0,4');
  unit.write('ab');
  unit.network.last.send('early');
  unit.run(5000);
  expect(unit.lines).toEqual(['>']);
  unit.write('cd').run(3000);
  expect(payload(unit.text)).toBe('early');
  expect(unit.lines).toContain('+CIPSEND: 0,4,4');
});

test('a block without a length ends with Ctrl-Z, or is given up with Escape', () => {
  const unit = make().online().connect();
  unit.send('AT+CIPSEND=0');
  unit.write('text\x1a').run(3000);
  expect(unit.network.last.text).toBe('text');
  unit.send('AT+CIPSEND=0');
  unit.write('text\x1b').run(3000);
  expect(unit.lines.at(-1)).toBe('ERROR');
  expect(unit.network.last.text).toBe('text');
});

test('a prompt nobody answers is given up after a minute', () => {
  const unit = make().online().connect();
  unit.send('AT+CIPSEND=0,100', 59_000);
  expect(unit.lines).toEqual(['>']);
  unit.run(2000);
  expect(unit.lines).toEqual(['>', 'ERROR']);
  expect(unit.send('AT')).toEqual(['OK']);
});

test('sending on a socket the peer has just closed reports -1 or an error, never success', () => {
  const unit = make().online().connect();
  unit.send('AT+CIPSEND=0,4');
  unit.network.last.end();
  unit.write('abcd').run(4000);
  expect(unit.lines).toContain('+IPCLOSE: 0,1');
  expect(unit.lines).not.toContain('+CIPSEND: 0,4,4');
  expect(unit.network.last.text).toBe('');
});

test('a network that goes away stalls sockets; they give up after a minute', () => {
  const unit = make().online().connect();
  unit.modem.setNetworkDown(true);
  unit.send('AT+CIPSEND=0,4');
  unit.write('abcd').run(10_000);
  expect(unit.network.last.text).toBe('');
  unit.modem.setNetworkDown(false);
  unit.run(3000);
  expect(unit.network.last.text).toBe('abcd');
  unit.modem.setNetworkDown(true);
  unit.send('AT+CIPSEND=0,4');
  unit.write('efgh');
  expect(unit.until('+IPCLOSE: 0,2', 70_000)).not.toBeNull();
  expect(unit.network.last.closedByModem).toBe(true);
  expect(unit.send(`AT+CIPOPEN=0,"TCP","${HOST}",80`)).toEqual(['OK']);
  expect(unit.until('+CIPOPEN: 0,10', 80_000)).not.toBeNull();
});

test('a host that floods is cut off', () => {
  const unit = make().online().connect();
  unit.network.last.send(new Uint8Array(600 * 1024));
  expect(unit.text).toContain('+IPCLOSE: 0,2');
});

test('any answer in any pieces arrives whole and in order, blocks no longer than asked', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 700 });
  const pieces = fc.record({
    chunks: fc.array(bytes, { minLength: 1, maxLength: 5 }),
    receiveBlockBytes: fc.integer({ min: 1, max: 300 }),
    pieceBytes: fc.integer({ min: 0, max: 40 }),
    seed: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(
    fc.property(pieces, ({ chunks, ...options }) => {
      const unit = make({ ...options, bootMs: 10, registrationDelayMs: 10 });
      unit.online().connect();
      unit.send('', 0);
      for (const chunk of chunks) unit.network.last.send(chunk);
      unit.network.last.end();
      unit.clock.advance(60_000);
      const sent = chunks.map((chunk) => String.fromCharCode(...chunk)).join('');
      expect(payload(unit.text)).toBe(sent);
      expect(unit.text.endsWith('\r\n+IPCLOSE: 0,1\r\n')).toBe(true);
      expect(
        options.pieceBytes === 0 || unit.pieces.every((p) => p.length <= options.pieceBytes),
      ).toBe(true);
    }),
    { numRuns: 25 },
  );
});
