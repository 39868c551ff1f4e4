/**
 * Commands about the module and its SIM: echo, identity, error words, restart, power saving.
 * They know nothing of networks.
 */

import { type CommandTable, type Core, number, type Outcome, ok, refuse } from './command.ts';
import { DIALECT } from './dialect.ts';

/** The PIN of a locked virtual SIM; Hologram's factory PIN. */
const SIM_PIN = '1111';
/** The modem answers a restart before it goes. */
const RESTART_ANSWER_MS = 400;
const BANDS = /^\d{1,2}$/;
const BANDS_MAX = 20;

/** Runs `answer` only with a usable SIM; else the SIM's own error. */
export function withSim(core: Core, answer: () => Outcome): Outcome {
  if (core.options.sim === 'missing') return refuse('sim_missing');
  if (core.options.sim === 'pin') return refuse('sim_pin');
  if (core.options.sim === 'busy') return refuse('sim_busy');
  return answer();
}

function echo(args: readonly string[], core: Core): Outcome {
  if (core.fail === 2) return { final: 'ERROR' };
  const wanted = args[0] ?? '0';
  if (wanted !== '0' && wanted !== '1') return refuse('bad_parameter');
  return { final: 'OK', after: () => core.setEcho(wanted === '1') };
}

function sim(kind: string, args: readonly string[], core: Core): Outcome {
  const { options } = core;
  if (kind === 'set') {
    if (options.sim !== 'pin') return refuse('not_allowed');
    if (args[0] !== SIM_PIN) return refuse('bad_parameter');
    const unlock = (): void => {
      options.sim = 'ready';
      core.cell.inputs.sim = 'ready';
      core.urc(DIALECT.cpin.ready);
      core.cell.update();
    };
    return { final: 'OK', delayMs: 200, after: unlock };
  }
  if (kind !== 'read') return refuse('not_supported');
  if (core.fail === 3 || options.sim === 'missing') return refuse('sim_missing');
  if (options.sim === 'busy') return refuse('sim_busy');
  return { lines: [DIALECT.cpin[options.sim]], final: 'OK', delayMs: 60 };
}

function functionality(kind: string, args: readonly string[], core: Core): Outcome {
  const { settings, cell } = core;
  if (kind === 'read') return ok(DIALECT.cfun(settings.cfun));
  const level = number(args[0]);
  if (kind !== 'set' || ![0, 1, 4].includes(level)) return refuse('bad_parameter');
  if (args[1] === '1') {
    if (level !== 1) return refuse('bad_parameter');
    if (core.fail === 5) return { final: 'ERROR', delayMs: RESTART_ANSWER_MS };
    return { final: 'OK', delayMs: RESTART_ANSWER_MS, after: () => core.restart() };
  }
  const apply = (): void => {
    settings.cfun = level;
    cell.inputs.detached = level !== 1;
    if (level !== 1) core.dropNetwork(true);
    cell.update();
  };
  return { final: 'OK', delayMs: RESTART_ANSWER_MS, after: apply };
}

function bands(kind: string, args: readonly string[], core: Core): Outcome {
  if (core.fail === 4) return { final: 'ERROR', delayMs: 300 };
  if (kind === 'read') return ok(DIALECT.qcband(core.settings.bands));
  const [mode, ...list] = args;
  const good = list.length > 0 && list.length <= BANDS_MAX && list.every((x) => BANDS.test(x));
  if (kind !== 'set' || mode !== '0' || !good) return refuse('bad_parameter');
  core.settings.bands = args.join(',');
  return { final: 'OK', delayMs: 300 };
}

function powerSaving(kind: string, args: readonly string[], core: Core): Outcome {
  if (kind === 'read') return ok(DIALECT.cpsms(core.settings.psm));
  const wanted = args[0] ?? '';
  if (kind !== 'set' || (wanted !== '0' && wanted !== '1')) return refuse('bad_parameter');
  core.settings.psm = wanted === '1';
  return ok();
}

function errorWords(kind: string, args: readonly string[], core: Core): Outcome {
  if (kind === 'read') return ok(DIALECT.cmee(core.settings.cmee));
  const level = number(args[0]);
  if (kind !== 'set' || (level !== 0 && level !== 1 && level !== 2)) return refuse('bad_parameter');
  core.settings.cmee = level;
  return ok();
}

/** `AT`, `ATE`, `ATI`, and the + commands that concern module and SIM. */
export const UNIT_COMMANDS: CommandTable = {
  '': () => ok(),
  E: ({ args }, core) => echo(args, core),
  I: (_call, core) => ok(...DIALECT.identity, `IMEI: ${core.identity.imei}`),
  '+CGMR': () => ok(DIALECT.revision),
  '+CGSN': (_call, core) => ok(core.identity.imei),
  '+CIMI': (_call, core) => withSim(core, () => ok(core.identity.imsi)),
  '+CCID': (_call, core) => withSim(core, () => ok(DIALECT.iccid(core.identity.iccid))),
  '+ICCID': (_call, core) => withSim(core, () => ok(DIALECT.iccid(core.identity.iccid))),
  '+CPIN': ({ kind, args }, core) => sim(kind, args, core),
  '+CFUN': ({ kind, args }, core) => functionality(kind, args, core),
  '+QCBAND': ({ kind, args }, core) => bands(kind, args, core),
  '+CMEE': ({ kind, args }, core) => errorWords(kind, args, core),
  '+CPSMS': ({ kind, args }, core) => powerSaving(kind, args, core),
  // held data would have to be fetched; this modem hands it on as it comes and knows nothing else
  '+CIPRXGET': ({ kind, args }) =>
    kind === 'set' && args[0] !== '0' ? refuse('not_supported') : ok(),
  '+CEDRXS': ({ kind }) => ok(...(kind === 'read' ? [DIALECT.cedrxs] : [])),
};
