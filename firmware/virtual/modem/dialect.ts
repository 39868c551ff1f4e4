/**
 * Every word the virtual modem says. Where a real SIM7028 says something else, correct it here and
 * in docs/formats/virtual-modem.md, and nowhere else. No state and no timing in this file.
 *
 * Sources: the project's field notes on the SIM7028; SIMCom's A76xx/SIM7500 TCP/IP application
 * notes for the socket commands, which the SIM7028 shares; 3GPP TS 27.007 for the rest.
 */
import { hexDigits } from '../../../shared/bytes.ts';

/** Errors that AT+CMEE=1|2 names: number and words of 3GPP TS 27.007, 9.2. */
export const CME = {
  not_allowed: [3, 'operation not allowed'],
  not_supported: [4, 'operation not supported'],
  sim_missing: [10, 'SIM not inserted'],
  sim_pin: [11, 'SIM PIN required'],
  sim_busy: [14, 'SIM busy'],
  no_service: [30, 'no network service'],
  bad_parameter: [50, 'incorrect parameters'],
  unknown: [100, 'unknown'],
  // Number guessed, words as field units show them.
  duplicate_apn: [148, 'duplicate APN'],
} as const;

/** A key of CME. */
export type CmeError = keyof typeof CME;

/** Errors of +CIPOPEN, +CIPCLOSE and +CIPERROR (SIMCom TCP/IP application note, chapter 4). */
export const IP_ERROR = {
  none: 0,
  network_failure: 1,
  not_opened: 2,
  bad_parameter: 3,
  not_supported: 4,
  busy: 8,
  timeout: 10,
  dns: 11,
} as const;

/** A value of IP_ERROR. */
export type IpError = (typeof IP_ERROR)[keyof typeof IP_ERROR];

/** Second number of +IPCLOSE. */
export const CLOSE_REASON = { remote: 1, send_failed: 2 } as const;

/** What AT+CPSI? and AT+CEREG? say about the cell. */
export interface CellReport {
  plmn: string;
  tac: string;
  cellId: number;
  band: number;
  earfcn: number;
  rsrpDbm: number;
  rssiDbm: number;
}

const quoted = (text: string): string => `"${text}"`;
const hex = (value: number): string => hexDigits(value, 8).toUpperCase();

/** Lines without their CR LF; `frame` in modem.ts puts those around. */
export const DIALECT = {
  ok: 'OK',
  error: 'ERROR',
  prompt: '\r\n>',
  /** After power-on or restart, in this order; the SIM's own line stands between them. */
  boot: { first: ['RDY', '+CFUN: 1'], last: ['SMS Ready'] },
  cpin: {
    ready: '+CPIN: READY',
    missing: '+CPIN: NOT INSERTED',
    pin: '+CPIN: SIM PIN',
    busy: '+CPIN: NOT READY',
  },
  cme: (error: CmeError, verbose: boolean): string => `+CME ERROR: ${CME[error][verbose ? 1 : 0]}`,

  identity: ['SIMCOM_Ltd', 'SIMCOM_SIM7028', 'Revision:2110B01SIM7028'],
  revision: '+CGMR: 2110B01SIM7028',
  iccid: (digits: string): string => `+ICCID: ${digits}`,

  csq: (rssi: number): string => `+CSQ: ${rssi},99`,
  cfun: (level: number): string => `+CFUN: ${level}`,
  cmee: (level: number): string => `+CMEE: ${level}`,
  qcband: (bands: string): string => `+QCBAND: ${bands}`,
  cereg: (n: number, stat: number, cell: CellReport | null): string =>
    `+CEREG: ${n},${stat}${n === 2 ? ceregCell(cell) : ''}`,
  ceregUrc: (n: number, stat: number, cell: CellReport | null): string =>
    `+CEREG: ${stat}${n === 2 ? ceregCell(cell) : ''}`,
  cpsi: (cell: CellReport): string =>
    `+CPSI: NB-IOT,Online,${cell.plmn.slice(0, 3)}-${cell.plmn.slice(3)},0x${cell.tac},` +
    `${cell.cellId},203,EUTRAN-BAND${cell.band},${cell.earfcn},0,0,-11,${cell.rsrpDbm},` +
    `${cell.rssiDbm},9`,
  cpsiNone: (online: boolean): string =>
    `+CPSI: NO SERVICE,${online ? 'Online' : 'Low Power Mode'}`,
  cops: (mode: number, plmn: string | null): string =>
    plmn === null ? `+COPS: ${mode}` : `+COPS: ${mode},2,${quoted(plmn)},9`,
  copsOnAir: (found: readonly { plmn: string; name: string; current: boolean }[]): string => {
    const entries = found.map(
      ({ plmn, name, current }) =>
        `(${current ? 2 : 1},${quoted(name)},${quoted(name)},${quoted(plmn)},9)`,
    );
    return `+COPS: ${entries.join(',')},,(0,1,2,3,4),(0,1,2)`;
  },
  cpsms: (on: boolean): string => `+CPSMS: ${on ? 1 : 0},,,"00100100","00000001"`,
  cedrxs: '+CEDRXS: 5,"0010"',

  cgdcont: (cid: number, type: string, apn: string, address: string): string =>
    `+CGDCONT: ${cid},${quoted(type)},${quoted(apn)},${quoted(address)},0,0,0,0`,
  cgact: (cid: number, active: boolean): string => `+CGACT: ${cid},${active ? 1 : 0}`,
  cgatt: (attached: boolean): string => `+CGATT: ${attached ? 1 : 0}`,

  netopen: (result: number): string => `+NETOPEN: ${result}`,
  netAlreadyOpen: '+IP ERROR: Network is already opened',
  netNotOpen: '+IP ERROR: Network not opened',
  netclose: (result: number): string => `+NETCLOSE: ${result}`,
  netLost: '+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY',
  ipaddr: (address: string): string => `+IPADDR: ${address}`,

  cipopen: (socket: number, error: IpError): string => `+CIPOPEN: ${socket},${error}`,
  cipopenRead: (socket: number, peer: { host: string; port: number } | null): string =>
    peer === null
      ? `+CIPOPEN: ${socket}`
      : `+CIPOPEN: ${socket},"TCP",${quoted(peer.host)},${peer.port},-1`,
  /** `sent` −1: the connection broke meanwhile. */
  cipsend: (socket: number, asked: number, sent: number): string =>
    `+CIPSEND: ${socket},${asked},${sent}`,
  ciperror: (error: IpError): string => `+CIPERROR: ${error}`,
  cipclose: (socket: number, error: IpError): string => `+CIPCLOSE: ${socket},${error}`,
  cipcloseRead: (open: readonly boolean[]): string =>
    `+CIPCLOSE: ${open.map((is) => (is ? 1 : 0)).join(',')}`,
  ipclose: (socket: number, reason: number): string => `+IPCLOSE: ${socket},${reason}`,
  received: (address: string, port: number, bytes: number): string =>
    `\r\nRECV FROM:${address}:${port}\r\n+IPD${bytes}\r\n`,

  /** Lines a real modem says unasked, for ModemOptions.urcIntervalMs. */
  spontaneousUrcs: [
    '+CGEV: NW MODIFY 0,0',
    '*PSNWID: "310","260","Hologram",0,"Hologram",0',
    '*PSUTTZ: 26/11/20,20:00:00","-32",0',
    '+CTZV: -32',
    '+CGEV: ME PDN ACT 0',
  ],
} as const;

function ceregCell(cell: CellReport | null): string {
  return cell === null ? '' : `,${quoted(cell.tac)},${quoted(hex(cell.cellId))},9`;
}
