/**
 * Every AT command that JamBox, its console or its diagnosis has a use for: one source for
 * completion and help, for what is asked about first, for what is masked, and for what the virtual
 * modem and the firmware may say. What a command is for stands in web/app/at-words.ts, in the
 * reader's language. Sources: 3GPP TS 27.007, ITU-T V.250, docs/formats/virtual-modem.md with the
 * field notes on the SIM7028. Knows no modem.
 */
import type { CallKind } from './grammar.ts';

/** Why somebody is asked before it goes out. */
export type Danger =
  /** What the modem was told is lost. */
  | 'forgets'
  /** The link is down for a while. */
  | 'interrupts'
  /** Kept over power cuts, and can leave a modem without network. */
  | 'lasting'
  /** A wrong one too often locks the SIM. */
  | 'locks';

export type AtGroup = 'module' | 'sim' | 'network' | 'power' | 'data' | 'socket';

export interface AtForm {
  kind: CallKind;
  /** As it is typed; `<…>` stands for what is filled in, `[…]` for what may be left out. */
  syntax: string;
  danger?: Danger;
  /** How long its answer may take, ms; absent: 10 s. */
  timeoutMs?: number;
}

export interface AtCommand {
  name: string;
  group: AtGroup;
  forms: readonly AtForm[];
  /** A typical answer, its lines joined by LF, without the final OK. */
  typical?: string;
  /** Its answer names modem, card or subscriber: masked unless somebody asks. */
  secret?: 'imei' | 'imsi' | 'iccid' | 'pin';
}

const read = (name: string): AtForm => ({ kind: 'read', syntax: `AT${name}?` });
const test = (name: string): AtForm => ({ kind: 'test', syntax: `AT${name}=?` });
const execute = (name: string, more: Partial<AtForm> = {}): AtForm => ({
  kind: 'execute',
  syntax: `AT${name}`,
  ...more,
});
const set = (name: string, args: string, more: Partial<AtForm> = {}): AtForm => ({
  kind: 'set',
  syntax: `AT${name}=${args}`,
  ...more,
});

/** A search of the air takes minutes on NB-IoT. */
const SCAN_MS = 180_000;
/** Bring-up table of the SIM7028. */
const ATTACH_MS = 75_000;
const NETOPEN_MS = 60_000;

export const AT_COMMANDS: readonly AtCommand[] = [
  { name: '', group: 'module', forms: [execute('')] },
  { name: 'E', group: 'module', forms: [{ kind: 'set', syntax: 'ATE<0|1>' }] },
  {
    ...{ name: 'I', group: 'module', forms: [execute('I')], secret: 'imei' },
    typical: 'SIMCOM_Ltd\nSIMCOM_SIM7028\nRevision:2110B01SIM7028',
  },
  { name: '&F', group: 'module', forms: [execute('&F', { danger: 'forgets' })] },
  {
    ...{ name: '+CGMR', group: 'module', forms: [execute('+CGMR')] },
    typical: '+CGMR: 2110B01SIM7028',
  },
  { name: '+CGSN', group: 'module', forms: [execute('+CGSN')], secret: 'imei' },
  {
    ...{ name: '+CMEE', group: 'module', forms: [read('+CMEE'), set('+CMEE', '<0|1|2>')] },
    typical: '+CMEE: 2',
  },
  {
    ...{ name: '+CFUN', group: 'module', typical: '+CFUN: 1' },
    forms: [read('+CFUN'), set('+CFUN', '<0|1|4>[,<restart>]', { danger: 'interrupts' })],
  },
  {
    name: '+CCLK',
    group: 'module',
    forms: [read('+CCLK')],
    typical: '+CCLK: "26/12/01,06:30:00-32"',
  },
  {
    ...{ name: '+CPIN', group: 'sim', typical: '+CPIN: READY', secret: 'pin' },
    forms: [{ ...read('+CPIN'), timeoutMs: 5000 }, set('+CPIN', '<pin>', { danger: 'locks' })],
  },
  { name: '+CIMI', group: 'sim', forms: [execute('+CIMI')], secret: 'imsi' },
  {
    ...{ name: '+CCID', group: 'sim', forms: [execute('+CCID')], secret: 'iccid' },
    typical: '+ICCID: 8988…',
  },
  { name: '+ICCID', group: 'sim', forms: [execute('+ICCID')], secret: 'iccid' },
  { name: '+CSQ', group: 'network', forms: [execute('+CSQ')], typical: '+CSQ: 14,99' },
  {
    ...{ name: '+CEREG', group: 'network', typical: '+CEREG: 0,5' },
    forms: [read('+CEREG'), set('+CEREG', '<0|1|2>')],
  },
  {
    ...{ name: '+CPSI', group: 'network', forms: [read('+CPSI')] },
    typical: '+CPSI: NB-IOT,Online,310-260,0x1A2B,12345,203,EUTRAN-BAND4,2300,0,0,-11,-95,-84,9',
  },
  {
    ...{ name: '+COPS', group: 'network', typical: '+COPS: 0,2,"310260",9' },
    forms: [
      read('+COPS'),
      { ...test('+COPS'), timeoutMs: SCAN_MS },
      set('+COPS', '<mode>[,<format>,"<operator>"[,9]]', {
        ...{ danger: 'lasting', timeoutMs: SCAN_MS },
      }),
    ],
  },
  {
    ...{ name: '+QCBAND', group: 'network', typical: '+QCBAND: 0,2,4,12,13,66' },
    forms: [read('+QCBAND'), set('+QCBAND', '0,<band>[,<band>…]', { danger: 'lasting' })],
  },
  {
    ...{ name: '+CGATT', group: 'network', typical: '+CGATT: 1' },
    forms: [read('+CGATT'), set('+CGATT', '<0|1>', { danger: 'interrupts', timeoutMs: ATTACH_MS })],
  },
  {
    ...{ name: '+CPSMS', group: 'power', typical: '+CPSMS: 0,,,"00100100","00000001"' },
    forms: [read('+CPSMS'), set('+CPSMS', '<0|1>', { danger: 'lasting' })],
  },
  {
    ...{ name: '+CEDRXS', group: 'power', typical: '+CEDRXS: 5,"0010"' },
    forms: [read('+CEDRXS'), set('+CEDRXS', '<0|1|2>,5[,"<value>"]', { danger: 'lasting' })],
  },
  {
    ...{ name: '+CGDCONT', group: 'data' },
    typical: '+CGDCONT: 0,"IP","hologram","10.0.0.1",0,0,0,0',
    forms: [
      read('+CGDCONT'),
      set('+CGDCONT', '<cid>,"IP","<access point>"', { danger: 'lasting' }),
    ],
  },
  {
    ...{ name: '+CGACT', group: 'data', typical: '+CGACT: 0,1' },
    forms: [read('+CGACT'), set('+CGACT', '<0|1>,<cid>', { danger: 'interrupts' })],
  },
  {
    ...{ name: '+NETOPEN', group: 'data', typical: '+NETOPEN: 0' },
    forms: [read('+NETOPEN'), execute('+NETOPEN', { timeoutMs: NETOPEN_MS })],
  },
  {
    ...{ name: '+NETCLOSE', group: 'data', typical: '+NETCLOSE: 0' },
    forms: [execute('+NETCLOSE', { danger: 'interrupts' })],
  },
  { name: '+IPADDR', group: 'data', forms: [execute('+IPADDR')], typical: '+IPADDR: 10.0.0.1' },
  {
    ...{ name: '+CIPOPEN', group: 'socket', typical: '+CIPOPEN: 0,0' },
    forms: [read('+CIPOPEN'), set('+CIPOPEN', '<n>,"TCP","<host>",<port>', { timeoutMs: 120_000 })],
  },
  {
    ...{ name: '+CIPSEND', group: 'socket', typical: '+CIPSEND: 0,40,40' },
    forms: [set('+CIPSEND', '<n>,<bytes>')],
  },
  {
    ...{ name: '+CIPCLOSE', group: 'socket', typical: '+CIPCLOSE: 0,0' },
    forms: [read('+CIPCLOSE'), set('+CIPCLOSE', '<n>')],
  },
  {
    ...{ name: '+CIPRXGET', group: 'socket' },
    forms: [set('+CIPRXGET', '<0|1>')],
  },
];

const BY_NAME = new Map(AT_COMMANDS.map((command) => [command.name, command]));

/** @param name upper case, without AT: `+CSQ`, `E`, `''` */
export const commandNamed = (name: string): AtCommand | undefined => BY_NAME.get(name);

/** The form of a command that a call is; undefined for what the catalogue does not know. */
export function formOf({ name, kind }: { name: string; kind: CallKind }): AtForm | undefined {
  return commandNamed(name)?.forms.find((form) => form.kind === kind);
}

/** Forms that begin like what is typed, the catalogue's order kept. @param max at most so many */
export function completions(typed: string, max = 8): AtForm[] {
  const begun = typed.trimStart().toUpperCase();
  if (begun === '') return [];
  return AT_COMMANDS.flatMap(({ forms }) => forms)
    .filter(({ syntax }) => syntax.toUpperCase().startsWith(begun))
    .slice(0, max);
}

/** Of a syntax, what can be typed without knowing more: up to the first `<` or `[`. */
export const fixedPart = (syntax: string): string => syntax.replace(/[<[].*$/, '');
