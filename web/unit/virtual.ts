/**
 * A virtual unit for the page: its board runs in a worker, its port has the shape of Web Serial's,
 * so that everything above is the code that real units get. Loaded at the first use only. Knows the
 * worker's messages; nothing of what is said over the port.
 */
import { msg, str } from '@lit/localize';
import type { BoardCommand } from '../../firmware/virtual/commands.ts';
import type { FromBoard, ToBoard } from '../../firmware/virtual/messages.ts';
import { VirtualSerialPort } from '../../firmware/virtual/serial-port.ts';
import { AppError } from '../../shared/errors.ts';
import type { VirtualFault, VirtualOptions, VirtualUnit } from '../app/ports.ts';
import type { LedColour } from '../app/unit-state.ts';
import type { OffThread } from './off-thread.ts';
import { createUnitConnection } from './unit-connection.ts';

/** Loading the worker and making 8 MB of flash; longer means that it does not start at all. */
const START_MS = 10_000;

/** The part of Worker that is used; tests run the board's host without one. */
export interface BoardChannel {
  postMessage(message: ToBoard, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<FromBoard>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/**
 * Starts a board in a new worker and plugs it in.
 * @throws AppError `unavailable` when the worker does not start
 */
export function startVirtualUnit(
  options: VirtualOptions,
  thread?: OffThread,
): Promise<VirtualUnit> {
  // In one expression: that is how Vite knows a worker and bundles what it imports.
  const worker = new Worker(new URL('../../firmware/virtual/browser-worker.ts', import.meta.url), {
    type: 'module',
    name: 'virtual unit',
  });
  return connectBoard(worker, options, location.origin, thread);
}

/** As {@link startVirtualUnit}, over a channel that is there already. */
export async function connectBoard(
  channel: BoardChannel,
  options: VirtualOptions,
  origin: string,
  thread?: OffThread,
): Promise<VirtualUnit> {
  const board = new BoardClient(channel);
  await board.start({ ...options, origin });
  return board.unit(thread);
}

/** The same shape, but for how the DOM types its events. */
export function asSerialPort(port: VirtualSerialPort): SerialPort {
  return port as unknown as SerialPort;
}

class BoardClient {
  readonly #channel: BoardChannel;
  readonly #port: VirtualSerialPort;
  readonly #written = new Map<number, { resolve(): void; reject(error: Error): void }>();
  readonly #ledListeners = new Set<(colour: LedColour) => void>();
  #led: LedColour | null = null;
  #nextId = 1;
  #started: { resolve(): void; reject(error: AppError): void } | null = null;

  constructor(channel: BoardChannel) {
    this.#channel = channel;
    this.#port = new VirtualSerialPort({
      write: (bytes) => this.#write(bytes),
      setSignals: (signals) => this.#channel.postMessage({ type: 'signals', signals }),
      powered: true, // without power the cable counts as out
    });
    channel.onmessage = (event) => this.#receive(event.data);
    channel.onerror = (event) => this.#started?.reject(notStarted(event.message));
  }

  start(options: VirtualOptions & { origin: string }): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(notStarted('it does not answer')), START_MS);
      this.#started = {
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#channel.postMessage({ type: 'start', options });
    });
  }

  unit(thread?: OffThread): VirtualUnit {
    const port = asSerialPort(this.#port);
    const lookup = { getPorts: () => Promise.resolve(port.connected ? [port] : []) };
    return {
      kind: 'virtual',
      connect: (listener) => Promise.resolve(createUnitConnection(port, lookup, listener, thread)),
      onLed: (fn) => {
        this.#ledListeners.add(fn);
        if (this.#led) fn(this.#led);
        return () => this.#ledListeners.delete(fn);
      },
      setSpeed: (n) => this.#command({ cmd: 'speed', n }),
      press: (button, ms) => this.#command({ cmd: 'press', button, ms }),
      setPlugged: (plugged) => {
        this.#command({ cmd: 'power', on: plugged });
        if (!plugged) this.#unplug(); // at once: what is under way shall not get through
      },
      setFault: (fault) => this.#command(faultCommand(fault)),
    };
  }

  #receive(message: FromBoard): void {
    switch (message.type) {
      case 'ready':
        this.#started?.resolve();
        this.#started = null;
        break;
      case 'serial':
        this.#port.receive(new Uint8Array(message.bytes));
        break;
      case 'written':
        this.#written.get(message.id)?.resolve();
        this.#written.delete(message.id);
        break;
      case 'event':
        if (message.event.type === 'led') this.#emitLed(message.event);
        if (message.event.type === 'power') this.#power(message.event.on);
        break;
      case 'failed':
        this.#failed(message.message, message.id);
    }
  }

  #write(bytes: Uint8Array): Promise<void> {
    const id = this.#nextId++;
    const copy = bytes.slice().buffer;
    return new Promise((resolve, reject) => {
      this.#written.set(id, { resolve, reject });
      this.#channel.postMessage({ type: 'serial', id, bytes: copy }, [copy]);
    });
  }

  #command(command: BoardCommand): void {
    this.#channel.postMessage({ type: 'command', id: this.#nextId++, command });
  }

  #power(on: boolean): void {
    if (on) this.#port.plug();
    else this.#unplug();
  }

  #unplug(): void {
    this.#port.unplug();
    for (const write of this.#written.values()) write.reject(new Error('The cable is out.'));
    this.#written.clear();
  }

  #emitLed({ r, g, b }: LedColour): void {
    this.#led = { r, g, b };
    for (const listener of this.#ledListeners) listener(this.#led);
  }

  /** A board that breaks is like a cable that is out: the unit above says so. */
  #failed(message: string, id?: number): void {
    if (this.#started) this.#started.reject(notStarted(message));
    else if (id === undefined) this.#unplug();
    else this.#written.get(id)?.reject(new Error(message));
  }
}

function faultCommand(fault: VirtualFault): BoardCommand {
  const { modemPowered, brokenRadio, ...rest } = fault;
  if (brokenRadio !== undefined) return { cmd: 'radio', broken: brokenRadio };
  return {
    cmd: 'modem',
    ...rest,
    ...(modemPowered === undefined ? {} : { powered: modemPowered }),
  };
}

function notStarted(why: string): AppError {
  return new AppError('unavailable', msg(str`The virtual unit could not be started: ${why}.`), {
    hint: msg('Reload the page and try again.'),
  });
}
