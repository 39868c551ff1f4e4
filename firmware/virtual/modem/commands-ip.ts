/**
 * Commands about packet contexts and the IP stack. The rules of CID 0 live here: the modem creates
 * it, it cannot be deleted, its APN must be set before NETOPEN, and a second context on the same
 * APN is refused.
 */

import { type CommandTable, type Core, number, type Outcome, ok, refuse } from './command.ts';
import { withSim } from './commands-unit.ts';
import { DIALECT } from './dialect.ts';

/** Contexts a SIM7028 can define (AT+CGDCONT=? of the A76xx family: 0 to 10). */
const CID_MAX = 10;
const APN_LENGTH_MAX = 99;
const NO_ADDRESS = '0.0.0.0';
const TYPES = ['IP', 'IPV6', 'IPV4V6'];

/** The address of CID 0 as AT+CGDCONT? shows it. */
function address(core: Core): string {
  const has = core.cell.registered && core.fail !== 12 && apnAccepted(core);
  return has ? core.identity.address : NO_ADDRESS;
}

function apnAccepted(core: Core): boolean {
  const { apn } = core.options;
  return apn === null || core.settings.contexts.get(0)?.apn === apn;
}

function contexts(kind: string, args: readonly string[], core: Core): Outcome {
  const { settings } = core;
  if (kind === 'read') {
    const entries = [...settings.contexts].sort(([a], [b]) => a - b);
    const lines = entries.map(([cid, { type, apn }]) =>
      DIALECT.cgdcont(cid, type, apn, cid === 0 ? address(core) : NO_ADDRESS),
    );
    return ok(...lines);
  }
  const cid = number(args[0]);
  if (kind !== 'set' || !(cid <= CID_MAX)) return refuse('bad_parameter');
  if (cid === 0 && core.fail === 9) return refuse('unknown');
  if (cid === 0 && settings.netOpen) return refuse('not_allowed');
  if (args.length === 1) {
    if (cid === 0) return refuse('not_allowed');
    settings.contexts.delete(cid);
    return ok();
  }
  const type = (args[1] ?? '').toUpperCase();
  const apn = args[2] ?? '';
  if (!TYPES.includes(type) || apn.length > APN_LENGTH_MAX) return refuse('bad_parameter');
  settings.contexts.set(cid, { type, apn });
  return ok();
}

function activation(kind: string, args: readonly string[], core: Core): Outcome {
  const { settings, cell } = core;
  if (kind === 'read') {
    const cids = [...settings.contexts.keys()].sort((a, b) => a - b);
    return ok(...cids.map((cid) => DIALECT.cgact(cid, cid === 0 && cell.registered)));
  }
  const active = number(args[0]);
  const cid = number(args[1]);
  if (kind !== 'set' || !(active <= 1) || !settings.contexts.has(cid)) {
    return refuse('bad_parameter');
  }
  if (!cell.registered) return refuse('no_service');
  if (cid === 0) return active === 1 ? ok() : refuse('not_allowed');
  if (active === 0) return ok();
  // The subscription has one APN and CID 0 holds it already.
  return { ...refuse('duplicate_apn'), delayMs: core.sockets.oneWayMs() * 2 };
}

function netOpen(kind: string, core: Core): Outcome {
  const { settings, cell } = core;
  if (kind === 'read') return ok(DIALECT.netopen(settings.netOpen ? 1 : 0));
  if (settings.netOpen) return { lines: [DIALECT.netAlreadyOpen], final: 'ERROR' };
  if (settings.netOpening) return { final: 'ERROR' };
  if (!cell.registered) return { lines: [DIALECT.netopen(1)], final: 'ERROR' };
  const finish = (): void => {
    if (!settings.netOpening) return;
    settings.netOpening = false;
    settings.netOpen = cell.registered && core.fail !== 11 && apnAccepted(core);
    core.urc(DIALECT.netopen(settings.netOpen ? 0 : 1));
  };
  const begin = (): void => {
    settings.netOpening = true;
    core.timers.after(core.sockets.oneWayMs() * 2, finish);
  };
  return { final: 'OK', after: begin };
}

function netClose(core: Core): Outcome {
  if (core.fail === 8) return { silent: true };
  const { settings } = core;
  if (!settings.netOpen) return { lines: [DIALECT.netclose(2)], final: 'ERROR' };
  const close = (): void => {
    core.dropNetwork(false);
    core.timers.after(core.sockets.oneWayMs(), () => core.urc(DIALECT.netclose(0)));
  };
  return { final: 'OK', after: close };
}

function ownAddress(core: Core): Outcome {
  if (!core.settings.netOpen) return { lines: [DIALECT.netNotOpen], final: 'ERROR' };
  if (core.options.emptyIpAddr || core.fail === 12) return ok();
  return ok(DIALECT.ipaddr(address(core)));
}

/** The + commands that concern contexts and the IP stack. */
export const IP_COMMANDS: CommandTable = {
  '+CGDCONT': ({ kind, args }, core) => contexts(kind, args, core),
  '+CGACT': ({ kind, args }, core) => withSim(core, () => activation(kind, args, core)),
  '+NETOPEN': ({ kind }, core) => withSim(core, () => netOpen(kind, core)),
  '+NETCLOSE': (_call, core) => netClose(core),
  '+IPADDR': (_call, core) => ownAddress(core),
};
