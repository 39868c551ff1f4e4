/** Ports that vanish, come back under another object, or are held by somebody else. */
import { expect, test, vi } from 'vitest';
import { TestTime } from '../app/testing/test-time.ts';
import { runAppPattern } from './line-patterns.ts';
import { StreamedPort } from './streamed-port.ts';
import { Transport } from './transport.ts';
import { webSerialPorts } from './web-serial.ts';

vi.setConfig({ testTimeout: 30_000 });

const nothing = { write: () => Promise.resolve(), setSignals() {} };

/** A bus on which ports come and go. */
function bus(...ports: StreamedPort[]) {
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

test.concurrent('a port that re-enumerates at a reset is found under its ids', async () => {
  const time = new TestTime();
  const after = new StreamedPort(nothing);
  const before: StreamedPort = new StreamedPort({
    write: nothing.write,
    setSignals: ({ rts }) => {
      if (!rts || !before.connected) return;
      before.setConnected(false);
      void time.sleep(700).then(() => usb.ports.push(after));
    },
  });
  const usb = bus(before);
  const transport = new Transport(before, usb, time);
  const received = listen(transport);
  await transport.open();
  await transport.reset(runAppPattern);
  await transport.write(Uint8Array.of(1));
  after.receive(Uint8Array.of(7));
  await vi.waitFor(() => expect(received.bytes).toEqual([7]));
  expect(received.lost).toBe(0);
  await transport.close();
});

test.concurrent('a port that dies without a reset is lost at once', async () => {
  const time = new TestTime();
  const port = new StreamedPort(nothing);
  const transport = new Transport(port, bus(port), time);
  const received = listen(transport);
  await transport.open();
  port.setConnected(false);
  await vi.waitFor(() => expect(received.lost).toBe(1), 500);
  await expect(transport.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'port_lost' });
});

test.concurrent('a port that dies after the chip has answered is lost at once', async () => {
  const time = new TestTime();
  const port = new StreamedPort(nothing);
  const transport = new Transport(port, bus(port), time);
  const received = listen(transport);
  await transport.open();
  await transport.reset(runAppPattern);
  transport.settled();
  port.setConnected(false);
  await vi.waitFor(() => expect(received.lost).toBe(1), 500);
});

test.concurrent('a port that does not come back after a reset is lost after 8 s', async () => {
  const time = new TestTime();
  const port = new StreamedPort(nothing);
  const transport = new Transport(port, bus(port), time);
  const received = listen(transport);
  await transport.open();
  const reset = transport.reset(async () => port.setConnected(false));
  await expect(reset).rejects.toMatchObject({ code: 'port_lost' });
  expect(received.lost).toBe(1);
});

/** Listed, but the system refuses to open it until `free` is set. */
class HeldPort extends StreamedPort {
  free = false;
  override open(): Promise<void> {
    if (this.free) return super.open();
    return Promise.reject(new DOMException('Failed to open serial port.', 'NetworkError'));
  }
}

test.concurrent('a port held for a moment is opened when it is free', async () => {
  const time = new TestTime();
  const port = new HeldPort(nothing);
  const transport = new Transport(port, bus(port), time);
  void time.sleep(600).then(() => {
    port.free = true;
  });
  await transport.open();
  expect(transport.state).toBe('open');
  await transport.close();
});

test.concurrent('a port held for long is in use elsewhere', async () => {
  const time = new TestTime();
  const port = new HeldPort(nothing);
  const transport = new Transport(port, bus(port), time);
  await expect(transport.open()).rejects.toMatchObject({ code: 'port_busy' });
});

test.concurrent('a recoverable error costs bytes, not the port', async () => {
  const time = new TestTime();
  const port = new StreamedPort(nothing);
  const transport = new Transport(port, bus(port), time);
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
  list: () => StreamedPort[],
  back: StreamedPort | null,
  time = new TestTime(),
): StreamedPort {
  const port: StreamedPort = new StreamedPort({
    write: nothing.write,
    setSignals: ({ rts }) => {
      if (!rts || !port.connected) return;
      port.setConnected(false);
      if (back) void time.sleep(700).then(() => list().push(back));
    },
  });
  return port;
}

test.concurrent('an equal unit that was listed before is never taken for it', async () => {
  const time = new TestTime();
  const other = new StreamedPort(nothing);
  const port = goingAway(() => usb.ports, null, time);
  const usb = bus(port, other);
  const transport = new Transport(port, usb, time);
  await transport.open();
  const lost = transport.reset(runAppPattern);
  await expect(lost).rejects.toMatchObject({ code: 'which_port' });
  expect(other.readable).toBeNull(); // never opened
});

test.concurrent('of an old and a new port of the same kind, the new one is ours', async () => {
  const time = new TestTime();
  const [other, after] = [new StreamedPort(nothing), new StreamedPort(nothing)];
  const port = goingAway(() => usb.ports, after, time);
  const usb = bus(port, other);
  const transport = new Transport(port, usb, time);
  const received = listen(transport);
  await transport.open();
  await transport.reset(runAppPattern);
  after.receive(Uint8Array.of(9));
  await vi.waitFor(() => expect(received.bytes).toEqual([9]));
  expect(other.readable).toBeNull();
  await transport.close();
});

test.concurrent('a new connection to the same port still knows who the others are', async () => {
  const time = new TestTime();
  const other = new StreamedPort(nothing);
  const port = new StreamedPort(nothing);
  const usb = bus(port, other);
  const first = new Transport(port, usb, time);
  await first.open();
  port.setConnected(false);
  await vi.waitFor(() => expect(first.state).toBe('lost'));
  const second = new Transport(port, usb, time);
  await expect(second.open()).rejects.toMatchObject({ code: 'which_port' });
  expect(other.readable).toBeNull();
});

test.concurrent('a unit that came while ours was open is not taken for it', async () => {
  const time = new TestTime();
  const [port, later] = [new StreamedPort(nothing), new StreamedPort(nothing)];
  const usb = bus(port);
  const first = new Transport(port, usb, time);
  await first.open();
  usb.ports.push(later);
  port.setConnected(false);
  await vi.waitFor(() => expect(first.state).toBe('lost'));
  await expect(new Transport(port, usb, time).open()).rejects.toMatchObject({ code: 'which_port' });
  expect(later.readable).toBeNull();
});

test.concurrent('a unit pulled before it is opened is not its neighbour', async () => {
  const time = new TestTime();
  const [chosen, other] = [new StreamedPort(nothing), new StreamedPort(nothing)];
  const usb = bus(chosen, other);
  const serial = {
    getPorts: usb.getPorts,
    requestPort: () => Promise.resolve(chosen),
  } as unknown as Serial;
  const port = await webSerialPorts(serial, time).choose();
  const connection = await port.connect({ item() {}, loader() {}, lost() {} });
  chosen.setConnected(false);
  await expect(connection.enterDownload()).rejects.toMatchObject({ code: 'which_port' });
  expect(other.readable).toBeNull();
});
