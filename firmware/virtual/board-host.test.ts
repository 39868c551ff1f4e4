/** The worker's message protocol, entered as the page does. */
import { expect, test } from 'vitest';
import { BoardHost } from './board-host.ts';
import type { FromBoard, ToBoard } from './messages.ts';
import { NO_NETWORK } from './testing/bench.ts';
import { bootableFlash } from './testing/flash-image.ts';
import { tinyProgram } from './testing/tiny-program.ts';

function hosted() {
  const said: FromBoard[] = [];
  const host = new BoardHost({
    post: (message, transfer) => said.push(structuredClone(message, { transfer })),
    network: () => NO_NETWORK,
  });
  const send = (message: ToBoard) => host.receive(message);
  const console = () =>
    said
      .map((m) => (m.type === 'serial' ? new TextDecoder().decode(new Uint8Array(m.bytes)) : ''))
      .join('');
  return { said, send, console };
}

const DEVICE = { deviceHost: 'example.net', devicePort: 80, origin: 'https://bench.example.net' };

function started() {
  const page = hosted();
  const flash = bootableFlash(tinyProgram()).buffer;
  page.send({ type: 'start', options: { ...DEVICE, flash, speed: 1000, seed: 5 } });
  return page;
}

test('starts a board, passes bytes, obeys commands', async () => {
  const { said, send, console } = started();
  expect(said.at(-1)).toMatchObject({ type: 'ready', mac: expect.stringMatching(/^02:4a:42:/) });
  await expect.poll(console).toContain('hello');
  send({ type: 'serial', id: 7, bytes: new TextEncoder().encode('abc').buffer });
  expect(said).toContainEqual({ type: 'written', id: 7 });
  await expect.poll(console).toContain('abc');
  send({ type: 'signals', signals: { rts: true } });
  expect(said).toContainEqual({ type: 'event', event: { type: 'mode', mode: 'reset' } });
  send({ type: 'command', id: 8, command: { cmd: 'power', on: false } });
  expect(said.at(-1)).toMatchObject({ type: 'done', id: 8, status: { powered: false } });
});

test('a fault starts the chip again, and so does memory that is not there', async () => {
  const { said, send, console } = started();
  const causes = () =>
    said.flatMap((m) => (m.type === 'event' && m.event.type === 'reset' ? m.event.cause : []));
  await expect.poll(console).toContain('hello');
  send({ type: 'command', id: 1, command: { cmd: 'fail', cause: 'brown-out' } });
  send({ type: 'command', id: 2, command: { cmd: 'fail', cause: 'watchdog' } });
  send({ type: 'command', id: 3, command: { cmd: 'memory', takeKib: 100 } });
  expect(causes()).toEqual(['power-on', 'brown-out', 'watchdog']);
  send({ type: 'command', id: 4, command: { cmd: 'memory', takeKib: 100 } });
  expect(causes()).toEqual(['power-on', 'brown-out', 'watchdog', 'panic']);
  send({ type: 'command', id: 5, command: { cmd: 'power', on: false } });
});

test('hands out a copy of the flash', () => {
  const { said, send } = started();
  send({ type: 'read-flash', id: 3 });
  const answer = said.at(-1);
  expect(answer).toMatchObject({ type: 'flash', id: 3 });
  expect(answer?.type === 'flash' && answer.bytes.byteLength).toBe(8 << 20);
  send({ type: 'command', id: 4, command: { cmd: 'power', on: false } });
});

test('tells what is wrong with a message, with its id', () => {
  const { said, send } = hosted();
  send({ type: 'read-flash', id: 1 });
  expect(said.at(-1)).toMatchObject({ type: 'failed', id: 1 });
  const page = started();
  page.send({ type: 'command', id: 2, command: { cmd: 'speed', n: 5000 } });
  expect(page.said.at(-1)).toMatchObject({ type: 'failed', id: 2 });
  page.send({ type: 'command', id: 3, command: { cmd: 'power', on: false } });
});
