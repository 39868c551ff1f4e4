/**
 * Commands about TCP sockets: open, send, close. They know the sockets and the answers' order, and
 * leave the way through the air to sockets.ts.
 */

import type { Call } from '../../../shared/at/grammar.ts';
import {
  type Answer,
  type CommandTable,
  type Core,
  number,
  type Outcome,
  ok,
  refuse,
} from './command.ts';
import { DIALECT, IP_ERROR, type IpError } from './dialect.ts';
import { SOCKET_COUNT } from './sockets.ts';

/** Longest block of one CIPSEND (SIMCom TCP/IP application note). */
const SEND_BYTES_MAX = 1500;
const HOST_LENGTH_MAX = 255;
const SOCKETS = Array.from({ length: SOCKET_COUNT }, (_, socket) => socket);

function open({ kind, args }: Call, core: Core): Outcome {
  const { sockets } = core;
  if (kind === 'read') {
    return ok(
      ...SOCKETS.map((socket) => DIALECT.cipopenRead(socket, sockets.get(socket)?.peer ?? null)),
    );
  }
  const socket = number(args[0]);
  if (kind !== 'set' || !(socket < SOCKET_COUNT)) return refuse('bad_parameter');
  const fails = (error: IpError): Answer => ({
    lines: [DIALECT.cipopen(socket, error)],
    final: 'ERROR',
  });
  const [, protocol = '', host = ''] = args;
  const port = number(args[3]);
  if (!core.settings.netOpen) return fails(IP_ERROR.not_opened);
  if (sockets.get(socket) !== null) return fails(IP_ERROR.not_supported);
  if (protocol.toUpperCase() !== 'TCP') return fails(IP_ERROR.not_supported);
  const hostFits = host !== '' && host.length <= HOST_LENGTH_MAX;
  if (!hostFits || !(port >= 1 && port <= 65_535)) return fails(IP_ERROR.bad_parameter);
  return { final: 'OK', after: () => sockets.open(socket, host, port) };
}

function send({ kind, args }: Call, core: Core): Outcome {
  const socket = number(args[0]);
  const bytes = args.length > 1 ? number(args[1]) : null;
  if (kind !== 'set' || !(socket < SOCKET_COUNT)) return refuse('bad_parameter');
  if (bytes !== null && !(bytes >= 1 && bytes <= SEND_BYTES_MAX)) return refuse('bad_parameter');
  if (!core.settings.netOpen) return notSent(IP_ERROR.not_opened);
  if (core.sockets.get(socket)?.state !== 'open') return notSent(IP_ERROR.not_supported);
  return { promptBytes: bytes, onData: (data) => transmit(socket, data, core) };
}

function notSent(error: IpError): Answer {
  return { lines: [DIALECT.ciperror(error)], final: 'ERROR' };
}

function transmit(index: number, data: Uint8Array, core: Core): Answer {
  const socket = core.sockets.get(index);
  if (socket === null) return notSent(IP_ERROR.not_supported);
  const cross = (): void =>
    socket.up(data.length, () => {
      const sent = socket.send(data) ? data.length : -1;
      core.urc(DIALECT.cipsend(index, data.length, sent));
    });
  return { final: 'OK', after: cross };
}

function close({ kind, args }: Call, core: Core): Outcome {
  const { sockets } = core;
  if (kind === 'read') return ok(DIALECT.cipcloseRead(SOCKETS.map((l) => sockets.get(l) !== null)));
  const socket = number(args[0]);
  if (kind !== 'set' || !(socket < SOCKET_COUNT)) return refuse('bad_parameter');
  if (sockets.get(socket) === null) {
    const error = core.settings.netOpen ? IP_ERROR.not_supported : IP_ERROR.not_opened;
    return { lines: [DIALECT.cipclose(socket, error)], final: 'ERROR' };
  }
  const finish = (): void => {
    sockets.close(socket);
    const ms = sockets.oneWayMs();
    core.timers.after(ms, () => core.urc(DIALECT.cipclose(socket, IP_ERROR.none)));
  };
  return { final: 'OK', after: finish };
}

/** The + commands that concern TCP sockets. */
export const SOCKET_COMMANDS: CommandTable = {
  '+CIPOPEN': open,
  '+CIPSEND': send,
  '+CIPCLOSE': close,
};
