/** The probe against the virtual board, over TCP and over a port of this system. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { type BoardOptions, VirtualBoard } from '../../firmware/virtual/board.ts';
import { Rfc2217Server } from '../../firmware/virtual/rfc2217.ts';
import { compare } from './compare.ts';
import { openPort } from './port.ts';
import { type ProbeOptions, probe } from './probe.ts';
import { formatReport, otherwise } from './report.ts';
import { S3_STUB } from './stub.ts';

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

function newBoard(options: Partial<BoardOptions> = {}): VirtualBoard {
  const network = { connect: () => ({ write() {}, close() {} }) };
  const board = new VirtualBoard({ network, ...options });
  closing.push(() => board.dispose());
  return board;
}

const options = (more: Partial<ProbeOptions> = {}): ProbeOptions => ({
  stub: S3_STUB,
  write: false,
  quietMs: 30,
  onSequence() {},
  ...more,
});

async function probeOverTcp(board: VirtualBoard, more: Partial<ProbeOptions> = {}) {
  const server = new Rfc2217Server(board);
  const port = await openPort(`127.0.0.1:${await server.listen(0)}`, 0);
  closing.push(() => server.close());
  board.powerOn();
  const report = await probe(port, options(more));
  await port.close();
  return report;
}

test('the board answers as recorded, over RFC 2217', async () => {
  const report = await probeOverTcp(newBoard());
  expect(formatReport(report).split('\n')).toEqual([
    '322 exchanges: 314 equal, 2 with other contents, 6 known to differ, 0 answered otherwise.',
    '60 sequences left out: it writes.',
    '14 sequences left out: the older stub is not here to be uploaded.',
  ]);
  const contents = report.findings.filter(({ verdict }) => verdict === 'contents');
  expect(contents.map(({ exchange }) => exchange.what)).toContain('mac0');
});

test('what writes is played when it is asked for', async () => {
  const report = await probeOverTcp(newBoard(), { write: true, only: 'defl_ok' });
  expect(report).toMatchObject({ exchanges: 11, equal: 11, findings: [] });
});

test('a unit that answers otherwise is found out', async () => {
  const report = await probeOverTcp(newBoard({ stubVersion: 'legacy' }), { only: 'unknown' });
  const found = otherwise(report);
  expect(found.length).toBeGreaterThan(5);
  expect(found[0]).toMatchObject({ exchange: { what: 'op 55' }, verdict: 'other' });
});

test('other contents are distinguished from another answer', () => {
  const nine = 'c0010a0200090000000000c0';
  expect(compare(nine, 'c0010a0200080000000000c0', 2)).toBe('contents');
  expect(compare(nine, 'c0010a020000000000c300c0', 2)).toBe('other');
  expect(compare(nine, '', 2)).toBe('other');
  expect(compare('', nine, 2)).toBe('other');
});

/** A pseudo-terminal, which Node cannot make, tied to a TCP port. */
const PTY = `
import os, pty, select, socket, sys, tty
peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
master, slave = pty.openpty()
tty.setraw(slave)
print(os.ttyname(slave), flush=True)
while True:
    ready, _, _ = select.select([master, peer], [], [])
    if master in ready: peer.sendall(os.read(master, 65536))
    if peer in ready:
        data = peer.recv(65536)
        if not data: break
        os.write(master, data)
`;
const python = spawnSync('python3', ['-c', 'import pty']).status === 0;

test('a port of this system is reset by the watchdog', async ({ skip }) => {
  skip(!python, 'python3 makes the port, and is not here');
  const board = newBoard();
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('data', (bytes) => board.writeSerial(bytes));
    board.onSerial = (bytes) => socket.write(bytes);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const tcpPort = typeof address === 'object' && address ? address.port : 0;
  const pty: ChildProcess = spawn('python3', ['-c', PTY, String(tcpPort)]);
  closing.push(
    () => pty.kill(),
    () => server.close(),
  );
  const [path] = await once(createInterface({ input: pty.stdout! }), 'line');
  board.holdBoot(true);
  board.powerOn();
  board.holdBoot(false);
  const resets: string[] = [];
  board.onEvent = (event) => event.type === 'reset' && resets.push(event.cause);
  const port = await openPort(path);
  const report = await probe(port, options({ only: 'sync' }));
  await port.close();
  expect(report).toMatchObject({ exchanges: 14, equal: 14 });
  expect(resets).toEqual(['watchdog', 'watchdog']);
});

test('a port that is not there is said', async () => {
  await expect(openPort('/dev/no-such-port')).rejects.toMatchObject({ code: 'port_lost' });
  await expect(openPort('127.0.0.1:1')).rejects.toMatchObject({ code: 'port_lost' });
});
