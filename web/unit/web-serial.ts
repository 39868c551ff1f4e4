/**
 * Units on real cables: the browser's Web Serial, its chooser and its words for failure. Virtual
 * units come from virtual.ts, loaded when first wanted. Knows no protocol.
 */
import { msg } from '@lit/localize';
import { AppError } from '../../shared/errors.ts';
import type { ConnectionListener, UnitConnection, UnitPort, UnitPorts } from '../app/ports.ts';
import type { OffThread } from './off-thread.ts';
import { rememberOtherPorts } from './other-ports.ts';

/** Espressif's vendor id and the USB-Serial-JTAG of the ESP32-S3. */
const FILTER: SerialPortFilter = { usbVendorId: 0x303a, usbProductId: 0x1001 };

/**
 * @param serial `navigator.serial`; undefined in a browser without Web Serial
 * @param thread beside the page's own; left out, everything is done on that
 */
export function webSerialPorts(serial: Serial | undefined, thread?: OffThread): UnitPorts {
  return {
    supported: serial !== undefined,
    async choose() {
      if (!serial) throw await unsupported();
      try {
        const port = await serial.requestPort({ filters: [FILTER] });
        rememberOtherPorts(port, await serial.getPorts());
        return usbUnit(port, serial, thread);
      } catch (cause) {
        throw notChosen(cause);
      }
    },
    async known() {
      const ports = (await serial?.getPorts()) ?? [];
      for (const port of ports) rememberOtherPorts(port, ports);
      // ports come from it
      return ports.filter(isUnit).map((port) => usbUnit(port, serial!, thread));
    },
    onArrival(fn) {
      const arrived = ({ target }: Event) => {
        if (serial && isPort(target) && isUnit(target)) fn(usbUnit(target, serial, thread));
      };
      serial?.addEventListener('connect', arrived);
      return () => serial?.removeEventListener('connect', arrived);
    },
    async startVirtual(options) {
      const { startVirtualUnit } = await import('./virtual.ts');
      return startVirtualUnit(options, thread);
    },
  };
}

/** One for each port, for as long as the browser keeps it. */
const UNITS = new WeakMap<SerialPort, UnitPort>();

function usbUnit(port: SerialPort, serial: Serial, thread?: OffThread): UnitPort {
  const unit = UNITS.get(port) ?? newUnit(port, serial, thread);
  UNITS.set(port, unit);
  return unit;
}

function newUnit(port: SerialPort, serial: Serial, thread?: OffThread): UnitPort {
  return {
    kind: 'usb',
    isOpen: () => port.readable !== null,
    async connect(listener: ConnectionListener): Promise<UnitConnection> {
      const { createUnitConnection } = await import('./unit-connection.ts');
      return createUnitConnection(port, serial, listener, thread);
    },
  };
}

/** The event comes from the port and bubbles to `navigator.serial` (Web Serial, 4.7). */
function isPort(target: EventTarget | null): target is SerialPort {
  return target !== null && 'getInfo' in target;
}

function isUnit(port: SerialPort): boolean {
  const { usbVendorId, usbProductId } = port.getInfo();
  return usbVendorId === FILTER.usbVendorId && usbProductId === FILTER.usbProductId;
}

/**
 * Nobody tells a page whether the list was empty. A cable that only charges leaves it empty: the
 * unit lights up and is not there.
 */
function notChosen(cause: unknown): AppError {
  return new AppError('port_not_chosen', msg('No unit was chosen.'), {
    hint: msg(
      'Press Connect and pick the unit in the list. If the list stays empty although the unit has light, its cable only charges: take a USB-C data cable, without a hub.',
    ),
    cause,
  });
}

async function unsupported(): Promise<AppError> {
  const { serialAdvice } = await import('../app/serial-browsers.ts');
  const { userAgent, maxTouchPoints } = navigator;
  const viewer = { userAgent, touchPoints: maxTouchPoints, isSecure: isSecureContext };
  const hint = serialAdvice(viewer);
  const words = msg('This browser cannot reach USB serial ports');
  return new AppError('serial_unsupported', `${words}.`, { hint });
}
