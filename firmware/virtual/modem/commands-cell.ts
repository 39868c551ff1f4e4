/**
 * Commands about the radio network: signal, registration, operator, attachment. They know the
 * cell, and nothing of IP.
 */

import { OPERATORS } from './cell.ts';
import {
  type Answer,
  type CommandTable,
  type Core,
  number,
  type Outcome,
  ok,
  refuse,
} from './command.ts';
import { withSim } from './commands-unit.ts';
import { DIALECT } from './dialect.ts';

/** The longest an attach may take before the modem gives up (the bring-up table allows 75 s). */
const ATTACH_TIMEOUT_MS = 70_000;
const ATTACH_POLL_MS = 500;
/** A scan for operators on NB-IoT takes tens of seconds. */
const SCAN_MS = [20_000, 60_000] as const;

function registration(kind: string, args: readonly string[], core: Core): Outcome {
  const { settings, cell } = core;
  if (kind === 'read') {
    return ok(DIALECT.cereg(settings.ceregN, cell.stat, core.cellReport()));
  }
  const n = number(args[0]);
  if (kind !== 'set' || (n !== 0 && n !== 1 && n !== 2)) return refuse('bad_parameter');
  settings.ceregN = n;
  return ok();
}

function system(core: Core): Outcome {
  const words = core.cellReport();
  if (words !== null) return ok(DIALECT.cpsi(words));
  return ok(DIALECT.cpsiNone(core.settings.cfun === 1));
}

function operators(kind: string, args: readonly string[], core: Core): Outcome {
  const { settings, cell } = core;
  if (kind === 'read') {
    return ok(DIALECT.cops(settings.copsMode, cell.registered ? cell.operator.plmn : null));
  }
  if (kind === 'test') return scan(core);
  const mode = number(args[0]);
  if (kind !== 'set' || ![0, 1, 2, 3].includes(mode)) return refuse('bad_parameter');
  if (mode === 3) return ok();
  const plmn = args[2] ?? '';
  if (mode === 1 && (args[1] !== '2' || !/^\d{5,6}$/.test(plmn))) return refuse('bad_parameter');
  const apply = (): void => {
    settings.copsMode = mode;
    cell.inputs.forced = mode === 1 ? plmn : null;
    cell.inputs.detached = mode === 2;
    if (mode === 2) cell.update();
    else cell.searchAgain();
  };
  return { final: 'OK', delayMs: 1000, after: apply };
}

function scan(core: Core): Outcome {
  if (core.cell.inputs.csq === 99) {
    return { lines: [DIALECT.copsOnAir([])], final: 'OK', delayMs: SCAN_MS[1] };
  }
  const current = core.cell.registered ? core.cell.operator.plmn : '';
  const found = OPERATORS.map(({ plmn, name }) => ({ plmn, name, current: plmn === current }));
  const delayMs = core.random.between(...SCAN_MS);
  return { lines: [DIALECT.copsOnAir(found)], final: 'OK', delayMs };
}

function attachment(kind: string, args: readonly string[], core: Core): Outcome {
  const { cell } = core;
  if (kind === 'read') return ok(DIALECT.cgatt(cell.registered && core.fail !== 10));
  const wanted = number(args[0]);
  if (kind !== 'set' || (wanted !== 0 && wanted !== 1)) return refuse('bad_parameter');
  if (wanted === 0) {
    const detach = (): void => {
      core.dropNetwork(true);
      cell.inputs.detached = true;
      cell.update();
    };
    return { final: 'OK', delayMs: core.sockets.oneWayMs(), after: detach };
  }
  if (core.fail === 10) return { ...refuse('no_service'), delayMs: 5000 };
  if (core.settings.cfun === 1) cell.inputs.detached = false;
  cell.update();
  return { wait: (finish) => awaitRegistration(core, finish) };
}

function awaitRegistration(core: Core, finish: (answer: Answer) => void): void {
  const deadline = core.timers.now() + ATTACH_TIMEOUT_MS;
  const look = (): void => {
    const delayMs = core.sockets.oneWayMs();
    if (core.cell.registered) {
      finish({ final: 'OK', delayMs });
      return;
    }
    if (core.timers.now() >= deadline || core.cell.stat !== 2) {
      finish(refuse('no_service'));
      return;
    }
    core.timers.after(ATTACH_POLL_MS, look);
  };
  look();
}

/** The + commands that concern the radio network. */
export const CELL_COMMANDS: CommandTable = {
  '+CSQ': (_call, core) => ok(DIALECT.csq(core.options.csq)),
  '+CEREG': ({ kind, args }, core) => registration(kind, args, core),
  '+CPSI': ({ kind }, core) => (kind === 'read' ? system(core) : refuse('not_supported')),
  '+COPS': ({ kind, args }, core) => withSim(core, () => operators(kind, args, core)),
  '+CGATT': ({ kind, args }, core) => withSim(core, () => attachment(kind, args, core)),
};
