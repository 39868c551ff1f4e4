/**
 * A whole virtual board on a cable in the same thread, as a unit of the use-cases: for tests and
 * benches that want the real firmware. Knows no backend; the host supplies the network.
 */
import { type BoardOptions, VirtualBoard } from '../../../firmware/virtual/board.ts';
import { serialPortOf } from '../../../firmware/virtual/serial-port.ts';
import { createUnitConnection } from '../../unit/unit-connection.ts';
import { asSerialPort } from '../../unit/virtual.ts';
import type { UnitPort } from '../ports.ts';

export interface BoardBench {
  board: VirtualBoard;
  port: SerialPort;
  unitPort: UnitPort;
}

/** A board that is on and plugged in. */
export function boardBench(options: BoardOptions): BoardBench {
  const board = new VirtualBoard(options);
  const port = asSerialPort(serialPortOf(board));
  board.powerOn();
  const lookup = { getPorts: () => Promise.resolve(board.powered ? [port] : []) };
  return {
    board,
    port,
    unitPort: {
      kind: 'usb',
      connect: async (listener) => createUnitConnection(port, lookup, listener),
    },
  };
}
