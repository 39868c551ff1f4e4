/** What AT commands are for, and what a modem's facts mean, in words. Knows no modem. */
import { msg, str } from '@lit/localize';
import type { Danger } from '../../shared/at/catalogue.ts';
import type { Fact, OnAir, Registration, SimSaid } from '../../shared/at/decode.ts';
import { SOCKET_ERRORS, type SocketError } from '../../shared/at/errors.ts';
import { signalWords } from './signal-words.ts';

/** By name, as in the catalogue. */
const PURPOSE: Readonly<Record<string, () => string>> = {
  '': () => msg('Does the modem answer?'),
  E: () => msg('Whether the modem repeats what it is sent.'),
  I: () => msg('Who made the modem, its type and its firmware.'),
  '&F': () => msg('Back to how the modem left its factory.'),
  '+CGMR': () => msg('The modem’s firmware.'),
  '+CGSN': () => msg('The modem’s own number (IMEI).'),
  '+CMEE': () => msg('Whether errors come as a mere word, a number or in words (2).'),
  '+CFUN': () => msg('The modem’s radio: 0 off, 1 on, 4 flight mode; “1,1” restarts the modem.'),
  '+CCLK': () => msg('The modem’s clock, as the network set it.'),
  '+CPIN': () => msg('Whether the SIM is there and ready.'),
  '+CIMI': () => msg('The subscriber’s number on the SIM (IMSI).'),
  '+CCID': () => msg('The SIM card’s number (ICCID).'),
  '+ICCID': () => msg('The SIM card’s number (ICCID).'),
  '+CSQ': () => msg('How strongly the modem hears the network.'),
  '+CEREG': () => msg('Whether a network has taken the modem.'),
  '+CPSI': () => msg('Which network, cell and band it is on, and how well it hears them.'),
  '+COPS': () => msg('Which operator is used; “=?” searches the air for minutes.'),
  '+QCBAND': () => msg('On which bands the modem searches.'),
  '+CGATT': () => msg('Whether the modem may exchange data.'),
  '+CPSMS': () => msg('Power saving: with it, a modem sleeps and is not reached.'),
  '+CEDRXS': () => msg('Long pauses between two looks at the network.'),
  '+CGDCONT': () => msg('Access points, and the address that each has.'),
  '+CGACT': () => msg('Which connections to access points are up.'),
  '+NETOPEN': () => msg('Opens the modem’s way into the internet.'),
  '+NETCLOSE': () => msg('Closes the modem’s way into the internet.'),
  '+IPADDR': () => msg('The address that the modem has.'),
  '+CIPOPEN': () => msg('Opens a connection to a server.'),
  '+CIPSEND': () => msg('Sends so many bytes over a connection; they follow after “>”.'),
  '+CIPCLOSE': () => msg('Closes a connection to a server.'),
  '+CIPRXGET': () => msg('Whether received data waits to be fetched.'),
};

/** null: not in the catalogue. */
export const purpose = (name: string): string | null => PURPOSE[name]?.() ?? null;

const DANGER: Record<Danger, () => string> = {
  forgets: () =>
    msg('What the modem was told so far is lost; the unit sets it up again when it starts.'),
  interrupts: () =>
    msg('The modem is offline for a while. A unit that counts comes back by itself.'),
  lasting: () =>
    msg(
      'The modem keeps this, also without power. With a wrong value it finds no network any more.',
    ),
  locks: () => msg('After three wrong PINs the SIM is locked.'),
};
export const dangerWords = (danger: Danger): string => DANGER[danger]();

const REGISTERED: Record<Registration, () => string> = {
  idle: () => msg('Not registered, and not searching'),
  home: () => msg('Registered, at home'),
  searching: () => msg('Searching for a network'),
  denied: () => msg('The network refuses this SIM'),
  unknown: () => msg('Registration not known: out of reach, perhaps'),
  roaming: () => msg('Registered, roaming: usual for this SIM'),
};

const SIM: Record<SimSaid, () => string> = {
  ready: () => msg('The SIM is ready'),
  missing: () => msg('No SIM is in the modem'),
  busy: () => msg('The SIM is not ready yet'),
  pin: () => msg('The SIM wants its PIN'),
  puk: () => msg('The SIM is blocked, and wants its PUK'),
  failed: () => msg('The SIM does not work'),
};

const STACK = {
  open: () => msg('The way into the internet is open'),
  closed: () => msg('The way into the internet is closed'),
  failed: () => msg('The way into the internet did not open'),
  was_open: () => msg('The way into the internet was open already'),
  was_closed: () => msg('The way into the internet was not open'),
  lost: () => msg('The network closed the way into the internet'),
} as const;

const AIR: Record<OnAir, () => string> = {
  unknown: () => msg('not known'),
  available: () => msg('can be used'),
  current: () => msg('in use'),
  forbidden: () => msg('refuses this SIM'),
};

const SOCKET: Record<SocketError, () => string> = {
  0: () => msg('done'),
  1: () => msg('the network failed'),
  2: () => msg('the way into the internet is not open'),
  3: () => msg('the modem does not like what it was given'),
  4: () => msg('the modem cannot do this'),
  5: () => msg('the modem could not make a connection'),
  6: () => msg('the modem could not make a connection'),
  7: () => msg('it listens already'),
  8: () => msg('the modem is busy'),
  9: () => msg('the connection is open already'),
  10: () => msg('no answer in time'),
  11: () => msg('the server’s name is not known'),
  12: () => msg('nobody knows why'),
};

/** Networks in which these units are at home (United States: Hologram's partners). */
const OPERATORS: Readonly<Record<string, string>> = { 310260: 'T-Mobile', 310410: 'AT&T' };
const operatorName = (plmn: string): string =>
  OPERATORS[plmn] ? `${OPERATORS[plmn]} (${plmn})` : plmn;

const dbm = (value: number): string => `${value < 0 ? '−' : ''}${Math.abs(value)}`;

type Words = { [Is in Fact['is']]: (fact: Extract<Fact, { is: Is }>) => string };

const WORDS: Words = {
  signal: (f) => (f.dbm === null ? msg('No signal') : msg(str`Signal: ${signalWords(f.dbm)}`)),
  registration: (f) => REGISTERED[f.state](),
  cell: (f) => msg(str`Cell ${f.id} of area ${f.tac}`),
  service: (f) => msg(str`System: ${f.system}, which is ${f.mode}`),
  no_service: (f) => msg(str`No network is found; the radio says ${f.mode}`),
  operator: (f) => msg(str`Operator: ${operatorName(f.plmn)}`),
  operator_choice: (f) =>
    f.by === 'modem'
      ? msg('The modem chooses the operator')
      : f.by === 'hand'
        ? msg('The operator was chosen by hand')
        : msg('No operator is to be used'),
  on_air: (f) =>
    f.operators.length === 0
      ? msg('No operator is on the air')
      : f.operators.map((o) => `${o.name || operatorName(o.plmn)}: ${AIR[o.state]()}`).join('; '),
  band: (f) => msg(str`Band ${f.band}`),
  bands: (f) => msg(str`Searches on the bands ${f.bands.join(', ')}`),
  quality: (f) =>
    f.rsrp === null ? msg('Quality not known') : msg(str`The cell arrives with ${dbm(f.rsrp)} dBm`),
  context: (f) =>
    f.address === null
      ? msg(str`Access point ${f.cid}: “${f.apn}”, without an address`)
      : msg(str`Access point ${f.cid}: “${f.apn}” with the address ${f.address}`),
  context_active: (f) =>
    f.active
      ? msg(str`The connection to access point ${f.cid} is up`)
      : msg(str`The connection to access point ${f.cid} is down`),
  attached: (f) =>
    f.attached ? msg('The modem may exchange data') : msg('The modem may not exchange data yet'),
  stack: (f) => STACK[f.state](),
  address: (f) => msg(str`Its address is ${f.address}`),
  socket: (f) => socketWords(f),
  sent: (f) =>
    f.taken === null
      ? msg('Nothing was sent: the connection broke')
      : msg(str`${f.taken} of ${f.asked} bytes were taken`),
  received: (f) => msg(str`${f.bytes} bytes from the server follow`),
  from: (f) => msg(str`From ${f.host}, port ${f.port}`),
  sim: (f) => SIM[f.state](),
  identity: (f) =>
    f.of === 'imei'
      ? msg('Number of the modem (IMEI)')
      : f.of === 'imsi'
        ? msg('Number of the subscriber (IMSI)')
        : msg('Number of the SIM card (ICCID)'),
  revision: (f) => msg(str`Firmware of the modem: ${f.text}`),
  function: (f) =>
    f.level === 'full'
      ? msg('The radio is on')
      : f.level === 'flight'
        ? msg('Flight mode: the radio is off')
        : msg('The radio is off'),
  error_words: (f) =>
    f.level === 2 ? msg('Errors come in words') : msg('Errors come without words'),
  power_saving: (f) =>
    f.on ? msg('Power saving is on: the modem sleeps') : msg('Power saving is off'),
  long_sleep: (f) => (f.on ? msg('Long pauses are on') : msg('No long pauses are asked for')),
  error: (f) =>
    f.number === null
      ? msg(str`Refused: ${f.words}`)
      : msg(str`Refused: ${f.words} (number ${f.number})`),
  restarted: () => msg('The modem has just started'),
  powered_down: () => msg('The modem switches itself off: its supply may be too weak'),
  clock: (f) => msg(str`The network’s time: ${f.text}`),
};

function socketWords({ n, event, error }: Extract<Fact, { is: 'socket' }>): string {
  if (event === 'opened') return msg(str`Connection ${n} is open`);
  if (event === 'closed') return msg(str`Connection ${n} is closed`);
  if (event === 'closed_by_peer') return msg(str`The server closed connection ${n}`);
  const why = error === null ? SOCKET_ERRORS[12] : SOCKET[error]();
  return msg(str`Connection ${n} failed: ${why}`);
}

export function factWords(fact: Fact): string {
  return (WORDS[fact.is] as (fact: Fact) => string)(fact);
}
