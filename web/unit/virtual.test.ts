/** The worker's client against the worker's real host, in one thread. */
import { afterAll, expect, test, vi } from 'vitest';
import { BoardHost } from '../../firmware/virtual/board-host.ts';
import type { FromBoard, ToBoard } from '../../firmware/virtual/messages.ts';
import type { ConnectionListener, VirtualUnit } from '../app/ports.ts';
import { type BoardChannel, connectBoard } from './virtual.ts';

vi.setConfig({ testTimeout: 60_000 });

const listener = (): ConnectionListener & { lostTimes: number } => ({
  lostTimes: 0,
  item() {},
  loader() {},
  lost() {
    this.lostTimes++;
  },
});
const options = { deviceHost: 'ingest.example.net', devicePort: 80 };
const running: VirtualUnit[] = [];
afterAll(() => {
  for (const unit of running) unit.setPlugged(false);
});

/** As a worker: every message is cloned and comes later. */
function channel(): BoardChannel {
  const host = new BoardHost({
    post: (message) => later(() => self.onmessage?.({ data: message } as MessageEvent<FromBoard>)),
    network: () => ({ connect: () => ({ write() {}, close() {} }) }),
  });
  const self: BoardChannel = {
    onmessage: null,
    onerror: null,
    postMessage: (message: ToBoard) => {
      const copy = structuredClone(message);
      later(() => host.receive(copy));
    },
  };
  return self;
}

const later = (fn: () => void) => setTimeout(fn, 0);

async function start(more: object = {}): Promise<VirtualUnit> {
  const unit = await connectBoard(channel(), { ...options, ...more }, 'http://localhost');
  running.push(unit);
  return unit;
}

test('a virtual unit is identified by the code for real ones', async () => {
  const unit = await start({ seed: 7 });
  const connection = await unit.connect(listener());
  const chip = await connection.enterDownload();
  expect(chip).toMatchObject({ target: 'virtual', flashBytes: 0x800000 });
  expect(chip.mac).toMatch(/^02:4A:42:/);
  await connection.close();
});

test('a pulled cable is lost at once, and back when plugged in', async () => {
  const unit = await start();
  const listening = listener();
  const connection = await unit.connect(listening);
  await connection.enterDownload();
  unit.setPlugged(false);
  await expect(
    connection.write([], { target: 'virtual' }).then(() => connection.runApp()),
  ).rejects.toThrow();
  expect(listening.lostTimes).toBe(1);
  unit.setPlugged(true);
  const again = await unit.connect(listener());
  expect(await again.enterDownload()).toMatchObject({ target: 'virtual' });
  await again.close();
});

test('a board that cannot start is said', async () => {
  const broken: BoardChannel = {
    onmessage: null,
    onerror: null,
    postMessage() {
      later(() => {
        const data: FromBoard = { type: 'failed', message: 'no memory' };
        broken.onmessage?.({ data } as MessageEvent<FromBoard>);
      });
    },
  };
  const attempt = connectBoard(broken, options, 'http://localhost');
  await expect(attempt).rejects.toMatchObject({ code: 'unavailable' });
});
