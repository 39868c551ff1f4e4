/**
 * Every command of the modem in one table. Behaviour is in the commands-*.ts files.
 */

import type { CommandTable } from './command.ts';
import { CELL_COMMANDS } from './commands-cell.ts';
import { IP_COMMANDS } from './commands-ip.ts';
import { SOCKET_COMMANDS } from './commands-socket.ts';
import { UNIT_COMMANDS } from './commands-unit.ts';

export type { Core } from './command.ts';

/** Handlers by upper-case name. */
export const COMMANDS: CommandTable = {
  ...UNIT_COMMANDS,
  ...CELL_COMMANDS,
  ...IP_COMMANDS,
  ...SOCKET_COMMANDS,
};
