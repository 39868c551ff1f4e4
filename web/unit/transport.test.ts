/** Ports that vanish, come back under another object, or are held by somebody else. */
import { expect, test, vi } from 'vitest';
import { VirtualSerialPort } from '../../firmware/virtual/serial-port.ts';
import { describeError } from '../app/error-messages.ts';
import { systemTime } from '../app/system-time.ts';
import { useJumpingClock } from '../app/testing/jumping-clock.ts';
import { runAppPattern } from './line-patterns.ts';
import { Transport } from './transport.ts';
import { webSerialPorts } from './web-serial.ts';

vi.setConfig({ testTimeout: 30_000 });
useJumpingClock();

const nothing = { write: () => Promise.resolve(), setSignals() {}, powered: true };

/** A bus on which ports come and go. */
function bus(...ports: VirtualSerialPort[]) {
  return { ports, getPorts: () => Promise.resolve(ports.filter((port) => port.connected)) };
}

function listen(transport: Transport) {
  const received = { bytes: [] as number[], lost: 0 };
  transport.onBytes = (bytes) => received.bytes.push(...bytes);
  transport.onLost = () => {
    received.lost++;
  };
  return received;
}

test('a port that re-enumerates at a reset is found under its ids', async () => {
  const after = new VirtualSerialPort(nothing);
  const before: VirtualSerialPort = new VirtualSerialPort({
    ...nothing,
    setSignals: ({ rts }) => {
      if (!rts || !before.connected) return;
      before.unplug();
      void systemTime.sleep(700).then(() => usb.ports.push(after));
    },
  });
  const usb = bus(before);
  const transport = new Transport(before, usb);
  const received = listen(transport);
  await transport.open();
  await transport.reset(runAppPattern);
  await transport.write(Uint8Array.of(1));
  after.receive(Uint8Array.of(7));
  await vi.waitFor(() => expect(received.bytes).toEqual([7]));
  expect(received.lost).toBe(0);
  await transport.close();
});

test('a port that dies without a reset is lost at once', async () => {
  const port = new VirtualSerialPort(nothing);
  const transport = new Transport(port, bus(port));
  const received = listen(transport);
  await transport.open();
  const pulledAt = systemTime.now();
  port.unplug();
  await vi.waitFor(() => expect(received.lost).toBe(1));
  expect(systemTime.now() - pulledAt).toBeLessThan(500);
  await expect(transport.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'port_lost' });
});

test('a port that dies after the chip has answered is lost at once', async () => {
  const port = new VirtualSerialPort(nothing);
  const transport = new Transport(port, bus(port));
  const received = listen(transport);
  await transport.open();
  await transport.reset(runAppPattern);
  transport.settled();
  const pulledAt = systemTime.now();
  port.unplug();
  await vi.waitFor(() => expect(received.lost).toBe(1));
  expect(systemTime.now() - pulledAt).toBeLessThan(500);
});

test('a port that does not come back after a reset is lost after 8 s', async () => {
  const port = new VirtualSerialPort(nothing);
  const transport = new Transport(port, bus(port));
  const received = listen(transport);
  await transport.open();
  const pulledAt = systemTime.now();
  const reset = transport.reset(async () => port.unplug());
  await expect(reset).rejects.toMatchObject({ code: 'port_lost' });
  expect(systemTime.now() - pulledAt).toBeGreaterThanOrEqual(8000);
  expect(received.lost).toBe(1);
});

/** Listed, but the system refuses to open it until `free` is set. */
class HeldPort extends VirtualSerialPort {
  free = false;
  override open(options: { baudRate: number }): Promise<void> {
    if (this.free) return super.open(options);
    return Promise.reject(new DOMException('Failed to open serial port.', 'NetworkError'));
  }
}

test('a port held for a moment is opened when it is free', async () => {
  const port = new HeldPort(nothing);
  const transport = new Transport(port, bus(port));
  void systemTime.sleep(600).then(() => {
    port.free = true;
  });
  await transport.open();
  expect(transport.state).toBe('open');
  await transport.close();
});

test('a port held for long is in use elsewhere', async () => {
  const port = new HeldPort(nothing);
  const transport = new Transport(port, bus(port));
  await expect(transport.open()).rejects.toMatchObject({ code: 'port_busy' });
});

test('a recoverable error costs bytes, not the port', async () => {
  const port = new VirtualSerialPort(nothing);
  const transport = new Transport(port, bus(port));
  const received = listen(transport);
  const overrun = new Error('overrun');
  overrun.name = 'BufferOverrunError';
  const broken = new ReadableStream({ start: (controller) => controller.error(overrun) });
  const readable = vi.spyOn(port, 'readable', 'get').mockReturnValueOnce(broken);
  readable.mockReturnValueOnce(broken);
  await transport.open();
  await vi.waitFor(() => expect(transport.state).toBe('open'));
  readable.mockRestore();
  port.receive(Uint8Array.of(3));
  await vi.waitFor(() => expect(received.bytes).toEqual([3]));
  expect(received.lost).toBe(0);
  await transport.close();
});

/** A port that goes away at its reset; `back` appears 700 ms later. */
function goingAway(
  list: () => VirtualSerialPort[],
  back: VirtualSerialPort | null,
): VirtualSerialPort {
  const port: VirtualSerialPort = new VirtualSerialPort({
    ...nothing,
    setSignals: ({ rts }) => {
      if (!rts || !port.connected) return;
      port.unplug();
      if (back) void systemTime.sleep(700).then(() => list().push(back));
    },
  });
  return port;
}

test('an equal unit that was listed before is never taken for it', async () => {
  const other = new VirtualSerialPort(nothing);
  const port = goingAway(() => usb.ports, null);
  const usb = bus(port, other);
  const transport = new Transport(port, usb);
  await transport.open();
  const lost = transport.reset(runAppPattern);
  await expect(lost).rejects.toMatchObject({ code: 'which_port' });
  expect(other.readable).toBeNull(); // never opened
});

test('of an old and a new port of the same kind, the new one is ours', async () => {
  const [other, after] = [new VirtualSerialPort(nothing), new VirtualSerialPort(nothing)];
  const port = goingAway(() => usb.ports, after);
  const usb = bus(port, other);
  const transport = new Transport(port, usb);
  const received = listen(transport);
  await transport.open();
  await transport.reset(runAppPattern);
  after.receive(Uint8Array.of(9));
  await vi.waitFor(() => expect(received.bytes).toEqual([9]));
  expect(other.readable).toBeNull();
  await transport.close();
});

test('a new connection to the same port still knows who the others are', async () => {
  const other = new VirtualSerialPort(nothing);
  const port = new VirtualSerialPort(nothing);
  const usb = bus(port, other);
  const first = new Transport(port, usb);
  await first.open();
  port.unplug();
  await vi.waitFor(() => expect(first.state).toBe('lost'));
  const second = new Transport(port, usb);
  await expect(second.open()).rejects.toMatchObject({ code: 'which_port' });
  expect(other.readable).toBeNull();
});

test('a unit that came while ours was open is not taken for it', async () => {
  const [port, later] = [new VirtualSerialPort(nothing), new VirtualSerialPort(nothing)];
  const usb = bus(port);
  const first = new Transport(port, usb);
  await first.open();
  usb.ports.push(later);
  port.unplug();
  await vi.waitFor(() => expect(first.state).toBe('lost'));
  await expect(new Transport(port, usb).open()).rejects.toMatchObject({ code: 'which_port' });
  expect(later.readable).toBeNull();
});

test('a unit pulled before it is opened is not its neighbour', async () => {
  const [chosen, other] = [new VirtualSerialPort(nothing), new VirtualSerialPort(nothing)];
  const usb = bus(chosen, other);
  const serial = {
    getPorts: usb.getPorts,
    requestPort: () => Promise.resolve(chosen),
  } as unknown as Serial;
  const port = await webSerialPorts(serial).choose();
  const connection = await port.connect({ item() {}, loader() {}, lost() {} });
  chosen.unplug();
  await expect(connection.enterDownload()).rejects.toMatchObject({ code: 'which_port' });
  expect(other.readable).toBeNull();
});

test('an empty list: no unit was chosen, and the cable may be one that only charges', async () => {
  const nothing = new DOMException('No port selected by the user.', 'NotFoundError');
  const serial = {
    getPorts: async () => [],
    requestPort: () => Promise.reject(nothing),
  } as unknown as Serial;
  const failure: unknown = await webSerialPorts(serial)
    .choose()
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'port_not_chosen', message: 'No unit was chosen.' });
  expect(describeError(failure).advice).toContain('only charges: take a USB-C data cable');
});
