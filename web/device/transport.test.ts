/** Ports that vanish, come back under another object, or are held by somebody else. */
import { expect, test, vi } from 'vitest';
import { runAppPattern } from './line-patterns.ts';
import { StreamedPort } from './streamed-port.ts';
import { Transport } from './transport.ts';

vi.setConfig({ testTimeout: 30_000 });

const nothing = { write: () => Promise.resolve(), setSignals() {} };

/** A bus on which ports come and go. */
function bus(...ports: StreamedPort[]) {
  return { ports, getPorts: () => Promise.resolve(ports.filter((port) => port.connected)) };
}

function listen(transport: Transport) {
  const heard = { bytes: [] as number[], lost: 0 };
  transport.onBytes = (bytes) => heard.bytes.push(...bytes);
  transport.onLost = () => {
    heard.lost++;
  };
  return heard;
}

test.concurrent('a port that re-enumerates at a reset is found under its ids', async () => {
  const after = new StreamedPort(nothing);
  const before: StreamedPort = new StreamedPort({
    write: nothing.write,
    setSignals: ({ rts }) => {
      if (!rts || !before.connected) return;
      before.setConnected(false);
      setTimeout(() => usb.ports.push(after), 700);
    },
  });
  const usb = bus(before);
  const transport = new Transport(before, usb);
  const heard = listen(transport);
  await transport.open();
  await transport.reset(runAppPattern);
  await transport.write(Uint8Array.of(1));
  after.receive(Uint8Array.of(7));
  await vi.waitFor(() => expect(heard.bytes).toEqual([7]));
  expect(heard.lost).toBe(0);
  await transport.close();
});

test.concurrent('a port that dies without a reset is lost at once', async () => {
  const port = new StreamedPort(nothing);
  const transport = new Transport(port, bus(port));
  const heard = listen(transport);
  await transport.open();
  port.setConnected(false);
  await vi.waitFor(() => expect(heard.lost).toBe(1), 500);
  await expect(transport.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'port_lost' });
});

test.concurrent('a port that dies after the chip has answered is lost at once', async () => {
  const port = new StreamedPort(nothing);
  const transport = new Transport(port, bus(port));
  const heard = listen(transport);
  await transport.open();
  await transport.reset(runAppPattern);
  transport.settled();
  port.setConnected(false);
  await vi.waitFor(() => expect(heard.lost).toBe(1), 500);
});

test.concurrent('a port that does not come back after a reset is lost after 8 s', async () => {
  const port = new StreamedPort(nothing);
  const transport = new Transport(port, bus(port));
  const heard = listen(transport);
  await transport.open();
  const reset = transport.reset(async () => port.setConnected(false));
  await expect(reset).rejects.toMatchObject({ code: 'port_lost' });
  expect(heard.lost).toBe(1);
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
  const port = new HeldPort(nothing);
  const transport = new Transport(port, bus(port));
  setTimeout(() => {
    port.free = true;
  }, 600);
  await transport.open();
  expect(transport.state).toBe('open');
  await transport.close();
});

test.concurrent('a port held for long is in use elsewhere', async () => {
  const port = new HeldPort(nothing);
  const transport = new Transport(port, bus(port));
  await expect(transport.open()).rejects.toMatchObject({ code: 'port_busy' });
});

test.concurrent('a recoverable error costs bytes, not the port', async () => {
  const port = new StreamedPort(nothing);
  const transport = new Transport(port, bus(port));
  const heard = listen(transport);
  const overrun = new Error('overrun');
  overrun.name = 'BufferOverrunError';
  const broken = new ReadableStream({ start: (controller) => controller.error(overrun) });
  const readable = vi.spyOn(port, 'readable', 'get').mockReturnValueOnce(broken);
  readable.mockReturnValueOnce(broken);
  await transport.open();
  await vi.waitFor(() => expect(transport.state).toBe('open'));
  readable.mockRestore();
  port.receive(Uint8Array.of(3));
  await vi.waitFor(() => expect(heard.bytes).toEqual([3]));
  expect(heard.lost).toBe(0);
  await transport.close();
});
