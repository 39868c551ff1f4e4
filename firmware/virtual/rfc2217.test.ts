/** The two ports of `npm run board`, entered through real sockets. */
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ControlServer } from './control-server.ts';
import { Rfc2217Server } from './rfc2217.ts';
import { Bench } from './testing/bench.ts';
import { bootableFlash } from './testing/flash-image.ts';
import { tinyProgram } from './testing/tiny-program.ts';

const IAC = 255;
const [SB, SE, WILL, WONT, DO] = [250, 240, 251, 252, 253];
const COM_PORT = 44;
const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

class Client {
  readonly socket: Socket;
  bytes: number[] = [];

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (data) => this.bytes.push(...data));
    cleanUp.push(() => this.socket.destroy());
  }

  send(...bytes: number[]): void {
    this.socket.write(Uint8Array.from(bytes));
  }

  control(value: number): void {
    this.send(IAC, SB, COM_PORT, 5, value, IAC, SE);
  }

  async gets(...expected: number[]): Promise<void> {
    const wanted = expected.join();
    await expect.poll(() => `,${this.bytes.join()},`, { timeout: 3000 }).toContain(`,${wanted},`);
  }

  async says(words: string): Promise<void> {
    await this.gets(...new TextEncoder().encode(words));
    this.bytes = [];
  }
}

async function served() {
  const { board } = new Bench({ flash: bootableFlash(tinyProgram()), speed: 1000 });
  const server = new Rfc2217Server(board);
  cleanUp.push(
    () => board.dispose(),
    () => server.close(),
  );
  return { board, port: await server.listen(0) };
}

test('negotiates binary and COM port, refuses what it does not know', async () => {
  const { port } = await served();
  const client = new Client(port);
  await client.gets(IAC, WILL, 0, IAC, DO, 0);
  client.send(IAC, WILL, COM_PORT, IAC, DO, COM_PORT, IAC, DO, 39);
  await client.gets(IAC, DO, COM_PORT, IAC, WILL, COM_PORT, IAC, WONT, 39);
});

test('answers settings as asked, FF doubled', async () => {
  const { port } = await served();
  const client = new Client(port);
  client.send(IAC, SB, COM_PORT, 1, 0, IAC, IAC, 0x4b, 0, IAC, SE);
  await client.gets(IAC, SB, COM_PORT, 101, 0, IAC, IAC, 0x4b, 0, IAC, SE);
  client.control(8);
  await client.gets(IAC, SB, COM_PORT, 105, 8, IAC, SE);
});

test('passes the console both ways, FF doubled on the wire', async () => {
  const { board, port } = await served();
  const client = new Client(port);
  await client.gets(IAC, WILL, 0);
  board.powerOn();
  await client.says('hello');
  client.send(0x61, IAC, IAC, 0x62);
  await client.gets(0x61, IAC, IAC, 0x62);
});

test('the classic line pattern of esptool enters download mode, RTS leaves it', async () => {
  const { board, port } = await served();
  const client = new Client(port);
  board.powerOn();
  const [dtr1, dtr0, rts1, rts0] = [8, 9, 11, 12] as const;
  for (const value of [dtr1, rts1, dtr0, rts1, dtr1, rts0, dtr0]) client.control(value);
  await client.says('waiting for download');
  expect(board.mode).toBe('rom');
  for (const value of [rts1, rts0]) client.control(value);
  await client.says('hello');
});

test('one client at a time; the next may come when it is gone', async () => {
  const { port } = await served();
  const first = new Client(port);
  await first.gets(IAC, WILL, 0);
  const second = new Client(port);
  await new Promise((resolve) => second.socket.on('close', resolve));
  expect(second.bytes).toEqual([]);
  first.socket.destroy();
  await expect
    .poll(async () => {
      const third = new Client(port);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return third.bytes.length;
    })
    .toBeGreaterThan(0);
});

test('a taken port is reported with what to do', async () => {
  const { board, port } = await served();
  await expect(new Rfc2217Server(board).listen(port)).rejects.toMatchObject({ code: 'port_busy' });
});

test('the control port takes commands, refuses nonsense and tells events', async () => {
  const { board } = await served();
  const control = new ControlServer(board);
  board.onEvent = (event) => control.event(event);
  cleanUp.push(() => control.close());
  const client = new Client(await control.listen(0));
  const line = (value: unknown) => client.socket.write(`${JSON.stringify(value)}\n`);
  line({ cmd: 'power', on: true });
  await client.says('{"event":{"type":"mode","mode":"app"}}');
  line({ cmd: 'speed', n: 10 });
  await client.says('"ok":true');
  line({ cmd: 'speed', n: 0 });
  await client.says('"ok":false,"error":"Board command \\"n\\"');
  client.socket.write('nonsense\n');
  await client.says('"ok":false');
  line({ cmd: 'modem', csq: 99, sim: 'missing' });
  await client.says('"mode":"app"');
  expect(board.modem.status).toMatchObject({ csq: 99, sim: 'missing' });
});
