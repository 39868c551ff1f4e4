import { expect, test } from 'vitest';
import { type SerialBoard, serialPortOf } from './serial-port.ts';

class Echo implements SerialBoard {
  onSerial: (bytes: Uint8Array) => void = () => {};
  powered = true;
  writeBacklogMs = 0;
  lines: object[] = [];
  writeSerial(bytes: Uint8Array): void {
    this.onSerial(bytes);
  }
  setSignals(signals: object): void {
    this.lines.push(signals);
  }
}

async function opened() {
  const board = new Echo();
  const port = serialPortOf(board);
  await port.open({ baudRate: 115200 });
  return { board, port };
}

test('carries bytes both ways', async () => {
  const { port } = await opened();
  const writer = port.writable!.getWriter();
  const reader = port.readable!.getReader();
  await writer.write(Uint8Array.of(1, 2));
  expect((await reader.read()).value).toEqual(Uint8Array.of(1, 2));
});

test('passes each line on as it is set', async () => {
  const { board, port } = await opened();
  await port.setSignals({ dataTerminalReady: true });
  await port.setSignals({ requestToSend: false });
  expect(board.lines).toEqual([{ dtr: true }, { rts: false }]);
});

test('a pulled cable fails the reader with NetworkError and fires disconnect', async () => {
  const { port } = await opened();
  const reader = port.readable!.getReader();
  const fired: string[] = [];
  port.addEventListener('disconnect', () => fired.push('event'));
  port.ondisconnect = () => fired.push('handler');
  const reading = reader.read();
  port.unplug();
  await expect(reading).rejects.toMatchObject({
    name: 'NetworkError',
    message: 'The device has been lost.',
  });
  expect(fired.sort()).toEqual(['event', 'handler']);
  expect(port.readable).toBe(null);
  expect(port.connected).toBe(false);
  await expect(port.setSignals({ requestToSend: true })).rejects.toThrow(/closed/);
});

test('can be opened again after the cable is back, not before', async () => {
  const { port } = await opened();
  port.unplug();
  await expect(port.open({ baudRate: 115200 })).rejects.toMatchObject({ name: 'NetworkError' });
  let back = false;
  port.addEventListener('connect', () => {
    back = true;
  });
  port.plug();
  expect(back).toBe(true);
  await port.open({ baudRate: 115200 });
  expect(port.readable).not.toBe(null);
});

test('does not close while a reader holds its lock', async () => {
  const { port } = await opened();
  const reader = port.readable!.getReader();
  await expect(port.close()).rejects.toThrow(TypeError);
  await reader.cancel();
  reader.releaseLock();
  await port.close();
  await expect(port.close()).rejects.toMatchObject({ name: 'InvalidStateError' });
});

test('after close() nothing is delivered, and it can be opened again', async () => {
  const { board, port } = await opened();
  await port.close();
  board.onSerial(Uint8Array.of(9));
  await port.open({ baudRate: 115200 });
  board.onSerial(Uint8Array.of(5));
  expect((await port.readable!.getReader().read()).value).toEqual(Uint8Array.of(5));
});
