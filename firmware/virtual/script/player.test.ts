import { expect, test } from 'vitest';
import { type BoardEvent, VirtualBoard } from '../board.ts';
import { NO_NETWORK } from '../testing/bench.ts';
import { bootableFlash } from '../testing/flash-image.ts';
import { tinyProgram } from '../testing/tiny-program.ts';
import { type NetworkFaults, NO_FAULTS } from './faulty-network.ts';
import { playScript } from './player.ts';
import type { ScriptEvent } from './script.ts';

/** A stepped board, switched on, with a script that begins now. */
function playing(...events: ScriptEvent[]) {
  const flash = bootableFlash(tinyProgram());
  const board = new VirtualBoard({ network: NO_NETWORK, stepped: true, flash, startTime: 0 });
  const faults: NetworkFaults = { ...NO_FAULTS };
  const seen: BoardEvent[] = [];
  board.onEvent = (event) => seen.push(event);
  board.powerOn();
  const stop = playScript({ format: 1, events }, { board, faults });
  return { board, faults, seen, stop };
}

test('time passes only by advance, as far as it was told', async () => {
  const { board } = playing();
  await board.advance(2_592_000_000 / 30);
  expect(board.now).toBe(86_400_000);
});

test('a board that follows the host’s clock cannot be advanced', async () => {
  const board = new VirtualBoard({ network: NO_NETWORK });
  await expect(board.advance(1)).rejects.toThrow('stepped');
  board.dispose();
});

test('a state begins, lasts and ends', async () => {
  const { board } = playing({ do: 'signal', at_s: 10, for_s: 5, csq: 3 });
  await board.advance(9_999);
  expect(board.modem.status.csq).toBe(18);
  await board.advance(1);
  expect(board.modem.status.csq).toBe(3);
  await board.advance(5_000);
  expect(board.modem.status.csq).toBe(18);
});

test('a receiver breaks and mends', async () => {
  const { board } = playing({ do: 'radio_broken', at_s: 1, for_s: 2, what: 'ble' });
  const seen: string[] = [];
  for (let s = 0; s < 4; s++) {
    await board.advance(1000);
    seen.push(board.brokenReceivers);
  }
  expect(seen).toEqual(['ble', 'ble', 'none', 'none']);
});

test('states of one kind that overlap end with the last', async () => {
  const { board, faults } = playing(
    { do: 'backend_error', at_s: 1, for_s: 4, status: 500 },
    { do: 'backend_error', at_s: 3, for_s: 4, status: 503 },
  );
  const statuses: (number | null)[] = [];
  for (let s = 0; s < 8; s++) {
    await board.advance(1000);
    statuses.push(faults.status);
  }
  expect(statuses).toEqual([500, 500, 503, 503, 503, 503, null, null]);
});

test('power goes and comes back; a brown-out starts the chip again', async () => {
  const { board, seen } = playing(
    { do: 'power_cut', at_s: 1, for_s: 2 },
    { do: 'brown_out', at_s: 5 },
  );
  await board.advance(10_000);
  const changes = seen.filter(({ type }) => type === 'power' || type === 'reset');
  expect(changes).toEqual([
    { type: 'power', on: true },
    { type: 'reset', cause: 'power-on' },
    { type: 'power', on: false },
    { type: 'power', on: true },
    { type: 'reset', cause: 'power-on' },
    { type: 'reset', cause: 'brown-out' },
  ]);
});

test('a cut within a write to flash strikes there, and the power comes back', async () => {
  const { board, seen } = playing({ do: 'power_cut_in_write', at_s: 1, for_s: 3, bytes: 8 });
  await board.advance(1_500);
  board.writeSerial(new TextEncoder().encode('S123')); // stores four bytes
  await board.advance(1_000);
  expect(board.powered).toBe(false);
  await board.advance(3_000);
  expect(board.powered).toBe(true);
  expect(seen.at(-1)).toMatchObject({ type: 'mode', mode: 'app' });
});

test('what was taken back does not happen', async () => {
  const { board, stop } = playing({ do: 'power_cut', at_s: 1, for_s: 2 });
  stop();
  await board.advance(2_000);
  expect(board.powered).toBe(true);
});
