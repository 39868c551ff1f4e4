/**
 * What a line of a modem says, as facts: a number with its unit, a state, an error. A line that is
 * in no table, or does not have the form of its table, gives none: nothing is guessed. Meanings:
 * 3GPP TS 27.007, SIMCom's TCP/IP application note, the field notes on the SIM7028. Knows no words.
 */
import { isSocketError, parseError, type SocketError } from './errors.ts';
import { parseLine, whole } from './grammar.ts';

/** `stat` of +CEREG, 3GPP TS 27.007, 10.1.22. */
export const REGISTRATION = {
  0: 'idle',
  1: 'home',
  2: 'searching',
  3: 'denied',
  4: 'unknown',
  5: 'roaming',
} as const;
export type Registration = (typeof REGISTRATION)[keyof typeof REGISTRATION];

export type SimSaid = 'ready' | 'missing' | 'busy' | 'pin' | 'puk' | 'failed';

export type Fact =
  | { is: 'signal'; dbm: number | null }
  | { is: 'registration'; state: Registration }
  | { is: 'cell'; tac: string; id: string }
  | { is: 'service'; system: string; mode: string }
  | { is: 'no_service'; mode: string }
  | { is: 'operator'; plmn: string }
  | { is: 'operator_choice'; by: 'modem' | 'hand' | 'none' }
  | { is: 'on_air'; operators: readonly { plmn: string; name: string; state: OnAir }[] }
  | { is: 'band'; band: number }
  | { is: 'bands'; bands: readonly number[] }
  | { is: 'quality'; rsrp: number | null; rssi: number | null; snr: number | null }
  | { is: 'context'; cid: number; apn: string; address: string | null }
  | { is: 'context_active'; cid: number; active: boolean }
  | { is: 'attached'; attached: boolean }
  | { is: 'stack'; state: 'open' | 'closed' | 'failed' | 'was_open' | 'was_closed' | 'lost' }
  | { is: 'address'; address: string }
  | { is: 'socket'; n: number; event: SocketEvent; error: SocketError | null }
  | { is: 'sent'; n: number; asked: number; taken: number | null }
  | { is: 'received'; bytes: number }
  | { is: 'from'; host: string; port: number }
  | { is: 'sim'; state: SimSaid }
  | { is: 'identity'; of: 'imei' | 'imsi' | 'iccid'; digits: string }
  | { is: 'revision'; text: string }
  | { is: 'function'; level: 'off' | 'full' | 'flight' }
  | { is: 'error_words'; level: 0 | 1 | 2 }
  | { is: 'power_saving'; on: boolean }
  | { is: 'long_sleep'; on: boolean }
  | { is: 'error'; of: 'CME' | 'CMS'; number: number | null; words: string }
  | { is: 'restarted' }
  | { is: 'powered_down' }
  | { is: 'clock'; text: string };

export type OnAir = 'unknown' | 'available' | 'current' | 'forbidden';
export type SocketEvent = 'opened' | 'closed' | 'closed_by_peer' | 'error';

type Decoder = (fields: string[]) => Fact[] | null;

/** −113 dBm and 2 dB a step; 99: not known, or none (27.007, 8.5). */
function signal([rssi, errors]: string[]): Fact[] | null {
  const steps = whole(rssi);
  if (whole(errors) === null) return null;
  if (steps === 99) return [{ is: 'signal', dbm: null }];
  return steps !== null && steps >= 0 && steps <= 31
    ? [{ is: 'signal', dbm: -113 + 2 * steps }]
    : null;
}

/** Answer `n,stat[,tac,ci,act]`, unsolicited `stat[,tac,ci,act]`: by the second field. */
function registration(fields: string[]): Fact[] | null {
  const isAnswer = fields.length === 2 || (fields.length > 2 && whole(fields[1]) !== null);
  const [stat, tac, ci] = isAnswer ? fields.slice(1) : fields;
  const state = REGISTRATION[(whole(stat) ?? -1) as keyof typeof REGISTRATION];
  if (!state) return null;
  const isCell = tac !== undefined && ci !== undefined && /^[\dA-F]+$/i.test(tac + ci);
  return [{ is: 'registration', state }, ...(isCell ? [{ is: 'cell', tac, id: ci } as const] : [])];
}

const dB = (field: string | undefined): number | null => {
  const value = whole(field);
  return value === null || Math.abs(value) > 200 ? null : value;
};

function service(fields: string[]): Fact[] | null {
  const [system = '', mode = '', operator = ''] = fields;
  if (system === 'NO SERVICE') return [{ is: 'no_service', mode }];
  if (!/^(NB|NB-IOT|LTE|LTE CAT-M1|CAT-M|GSM)$/i.test(system) || mode === '') return null;
  const facts: Fact[] = [{ is: 'service', system, mode }];
  const plmn = /^(\d{3})-?(\d{2,3})$/.exec(operator);
  if (plmn) facts.push({ is: 'operator', plmn: `${plmn[1]}${plmn[2]}` });
  const at = fields.findIndex((field) => /BAND\d+$/i.test(field));
  if (at < 0) return facts;
  facts.push({ is: 'band', band: Number(/\d+$/.exec(fields[at] ?? '')?.[0]) });
  // … EARFCN, two of the downlink's width, RSRQ, RSRP, RSSI, SNR
  const [rsrp, rssi, snr] = [fields[at + 5], fields[at + 6], fields[at + 7]].map(dB);
  if (rsrp !== null && rsrp !== undefined && rsrp < 0)
    facts.push({ is: 'quality', rsrp, rssi: rssi ?? null, snr: snr ?? null });
  return facts;
}

const ON_AIR: readonly OnAir[] = ['unknown', 'available', 'current', 'forbidden'];

function operator(fields: string[]): Fact[] | null {
  const joined = fields.join(',');
  if (joined.startsWith('(')) {
    const found = [...joined.matchAll(/\((\d),([^,()]*),[^,()]*,(\d{5,6})(?:,\d)?\)/g)];
    const operators = found.map(([, state, name = '', plmn = '']) => {
      return { plmn, name, state: ON_AIR[Number(state)] ?? 'unknown' };
    });
    return [{ is: 'on_air', operators }];
  }
  const mode = whole(fields[0]);
  if (mode === null || mode < 0 || mode > 4) return null;
  const by = mode === 0 ? 'modem' : mode === 2 ? 'none' : 'hand';
  const plmn = fields[2] ?? '';
  const named: Fact[] = plmn === '' ? [] : [{ is: 'operator', plmn }];
  return [...named, { is: 'operator_choice', by }];
}

function bands([mode, ...list]: string[]): Fact[] | null {
  const numbers = list.map(whole);
  if (whole(mode) === null || numbers.length === 0 || numbers.includes(null)) return null;
  return [{ is: 'bands', bands: numbers as number[] }];
}

const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;
const known = (address: string | undefined): string | null =>
  address !== undefined && ADDRESS.test(address) && address !== '0.0.0.0' ? address : null;

function context([cid, type, apn, address]: string[]): Fact[] | null {
  const number = whole(cid);
  if (number === null || type === undefined || apn === undefined) return null;
  return [{ is: 'context', cid: number, apn, address: known(address) }];
}

function switched(fact: (on: boolean) => Fact): Decoder {
  return ([field]) => (field === '0' || field === '1' ? [fact(field === '1')] : null);
}

function socket(event: SocketEvent): Decoder {
  return ([n, second]) => {
    const [number, error] = [whole(n), whole(second)];
    if (number === null || error === null) return null;
    if (event === 'closed_by_peer') return [{ is: 'socket', n: number, event, error: null }];
    if (!isSocketError(error)) return null;
    return [{ is: 'socket', n: number, event: error === 0 ? event : 'error', error }];
  };
}

const SIM: Readonly<Record<string, SimSaid>> = {
  READY: 'ready',
  'NOT INSERTED': 'missing',
  'NOT READY': 'busy',
  'SIM PIN': 'pin',
  'SIM PUK': 'puk',
};

const FUNCTION = { 0: 'off', 1: 'full', 4: 'flight' } as const;

const DECODERS: Readonly<Record<string, Decoder>> = {
  '+CSQ': signal,
  '+CEREG': registration,
  '+CPSI': service,
  '+COPS': operator,
  '+QCBAND': bands,
  '+CGDCONT': context,
  '+CGACT': ([cid, active]) => {
    const number = whole(cid);
    return number !== null && (active === '0' || active === '1')
      ? [{ is: 'context_active', cid: number, active: active === '1' }]
      : null;
  },
  '+CGATT': switched((attached) => ({ is: 'attached', attached })),
  '+IPADDR': ([address]) => {
    const own = known(address);
    return own === null ? null : [{ is: 'address', address: own }];
  },
  '+NETCLOSE': ([result]) => {
    if (result === '0') return [{ is: 'stack', state: 'closed' }];
    return result === '2' ? [{ is: 'stack', state: 'was_closed' }] : null;
  },
  '+CIPOPEN': socket('opened'),
  '+CIPCLOSE': socket('closed'),
  '+IPCLOSE': socket('closed_by_peer'),
  '+CIPERROR': ([code]) => {
    const error = whole(code);
    return isSocketError(error) ? [{ is: 'socket', n: 0, event: 'error', error }] : null;
  },
  '+CIPSEND': ([n, asked, taken]) => {
    const [number, wanted, went] = [whole(n), whole(asked), whole(taken)];
    if (number === null || wanted === null || went === null) return null;
    return [{ is: 'sent', n: number, asked: wanted, taken: went < 0 ? null : went }];
  },
  '+CIPEVENT': () => [{ is: 'stack', state: 'lost' }],
  '+IP ERROR': ([text = '']) => {
    if (/already opened/i.test(text)) return [{ is: 'stack', state: 'was_open' }];
    return /not opened/i.test(text) ? [{ is: 'stack', state: 'was_closed' }] : null;
  },
  '+CPIN': ([code = '']) => {
    const state = SIM[code];
    return state ? [{ is: 'sim', state }] : null;
  },
  '+ICCID': ([digits = '']) => iccid(digits),
  '+CCID': ([digits = '']) => iccid(digits),
  '+CGMR': ([text = '']) => (text === '' ? null : [{ is: 'revision', text }]),
  '+CFUN': ([level]) => {
    const state = FUNCTION[(whole(level) ?? -1) as keyof typeof FUNCTION];
    return state ? [{ is: 'function', level: state }] : null;
  },
  '+CMEE': ([level]) => {
    const n = whole(level);
    return n === 0 || n === 1 || n === 2 ? [{ is: 'error_words', level: n }] : null;
  },
  '+CPSMS': switched((on) => ({ is: 'power_saving', on })),
  // `5` names NB-IoT; alone, or all zeros, none is asked for (27.007, 7.40).
  '+CEDRXS': ([act, value]) =>
    whole(act) === null ? null : [{ is: 'long_sleep', on: /^[01]{4}$/.test(value ?? '') }],
  '+CCLK': (fields) => [{ is: 'clock', text: fields.join(',') }],
};

const iccid = (digits: string): Fact[] | null =>
  /^\d{18,20}F?$/i.test(digits) ? [{ is: 'identity', of: 'iccid', digits }] : null;

/**
 * @param line without its line end
 * @param asked name of the command whose answer it stands in; null for one nobody asked for. Needed
 *   for lines without a name: an IMEI, an IMSI, and `+NETOPEN`, which says two things
 * @returns null for what is not known
 */
export function decode(line: string, asked: string | null = null, isRead = false): Fact[] | null {
  const text = line.trim();
  const error = parseError(text);
  if (error) return [{ is: 'error', of: error.kind, number: error.number, words: error.words }];
  const data = /^\+IPD(\d{1,5})/.exec(text);
  if (data) return [{ is: 'received', bytes: Number(data[1]) }];
  const from = /^RECV FROM:([^:]+):(\d{1,5})$/.exec(text);
  if (from) return [{ is: 'from', host: from[1] ?? '', port: Number(from[2]) }];
  if (text === 'RDY' || /^\*ATREADY: ?1$/.test(text)) return [{ is: 'restarted' }];
  if (/POWER DOWN$/.test(text)) return [{ is: 'powered_down' }];
  const parsed = parseLine(text);
  if (!parsed) return bare(text, asked);
  const { name, fields } = parsed;
  if (name === '+NETOPEN') return stack(fields[0], isRead);
  return DECODERS[name]?.(fields) ?? null;
}

/** Asked how it is, 1 means open; of one that opens, 0 means that it worked. */
function stack(result: string | undefined, isRead: boolean): Fact[] | null {
  const n = whole(result);
  if (n === null) return null;
  if (isRead) return n > 1 ? null : [{ is: 'stack', state: n === 1 ? 'open' : 'closed' }];
  return [{ is: 'stack', state: n === 0 ? 'open' : 'failed' }];
}

/** Answers without a name in front: who modem and subscriber are. */
function bare(text: string, asked: string | null): Fact[] | null {
  const imei = /^(?:IMEI: ?)?(\d{15,16})$/.exec(text);
  if (asked === '+CIMI' && /^\d{14,15}$/.test(text))
    return [{ is: 'identity', of: 'imsi', digits: text }];
  if ((asked === '+CGSN' || asked === 'I') && imei?.[1])
    return [{ is: 'identity', of: 'imei', digits: imei[1] }];
  return null;
}

/**
 * The same line with what names modem, card and subscriber replaced by `•`, but for the last four
 * digits: enough to tell two apart, too little to be of use to others. Long numbers are masked
 * wherever they stand: IMEI 15, IMSI 14 to 15, ICCID 18 to 20 digits (27.007, 5.2 to 5.4; E.118).
 */
export function masked(line: string): string {
  const pin = line.replace(/(\+CPIN=)\s*"?[^"?]+"?/i, '$1••••');
  return pin.replace(/\d{14,20}(?=F?\b|\D|$)/g, (digits) => {
    return '•'.repeat(digits.length - 4) + digits.slice(-4);
  });
}
