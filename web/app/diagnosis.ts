/**
 * Why a unit is not online, found on its own modem: one check after the other, each resting on
 * those before it, so that the first that fails is the cause and the rest would only follow from
 * it. Each cause has what mends it, where a command can; then the same check is made again. The
 * order is that of the bring-up (docs/formats/virtual-modem.md). Knows no page and no transport.
 */
import { decode, type Fact } from '../../shared/at/decode.ts';

export type CheckId =
  | 'answers'
  | 'radio'
  | 'sim'
  | 'bands'
  | 'signal'
  | 'power_saving'
  | 'operator'
  | 'registration'
  | 'attached'
  | 'access_point'
  | 'stack'
  | 'address'
  | 'backend';

/** What is wrong, by the check that found it. */
export type Fault =
  | 'silent'
  | 'data_mode'
  | 'radio_off'
  | 'sim_missing'
  | 'sim_busy'
  | 'sim_pin'
  | 'sim_puk'
  | 'sim_failed'
  | 'wrong_bands'
  | 'no_signal'
  | 'power_saving'
  | 'operator_by_hand'
  | 'denied'
  | 'searching'
  | 'not_attached'
  | 'wrong_access_point'
  | 'net_closed'
  | 'no_address'
  | 'backend_unknown'
  | 'backend_down';

export interface Finding {
  check: CheckId;
  /** null: all well. */
  fault: Fault | null;
  /** The modem's lines that prove it. */
  said: readonly string[];
}

/** The modem, as far as it is asked. Never rejects. */
export interface ModemTalk {
  /** The lines of an answer with the one that ends it; null: none came. */
  send(line: string): Promise<readonly string[] | null>;
  /** Bytes as they are, without a line end. */
  raw(text: string): Promise<void>;
  /** The first line that fits, asked for or not; null: none within that time. */
  hear(fits: (line: string) => boolean, ms: number): Promise<string | null>;
  sleep(ms: number): Promise<void>;
}

/** Where the unit is to be at home. */
export interface Target {
  apn: string;
  /** Numbers separated by commas. */
  bands: string;
  host: string;
  port: number;
}

/** A fault that a command can mend; others need a hand. */
export type Mend = Extract<
  Fault,
  | 'data_mode'
  | 'radio_off'
  | 'sim_busy'
  | 'wrong_bands'
  | 'power_saving'
  | 'operator_by_hand'
  | 'searching'
  | 'not_attached'
  | 'wrong_access_point'
  | 'net_closed'
  | 'no_address'
>;

/** A modem needs some seconds from restart to its first answer, and some more for its SIM. */
const RESTART_MS = 6000;
/** From restart to registered: usual is half a minute (bring-up table: five minutes at most). */
const REGISTER_MS = 90_000;
const LOOK_MS = 5000;
const STACK_MS = 60_000;
/** A server far away over NB-IoT. */
const CONNECT_MS = 75_000;
/** What a modem may still wait for after its prompt: a block of CIPSEND at most. */
const BLOCK_BYTES_MAX = 1500;
const PIECE_BYTES = 250;

type Check = (talk: ModemTalk, target: Target) => Promise<Omit<Finding, 'check'>>;

const well = (said: readonly string[]) => ({ fault: null, said });
const bad = (fault: Fault, said: readonly string[]) => ({ fault, said });

/** What an answer says, its lines joined; empty when none came. */
function factsOf(lines: readonly string[] | null, asked: string, isRead = false): Fact[] {
  return (lines ?? []).flatMap((line) => decode(line, asked, isRead) ?? []);
}

function only<Is extends Fact['is']>(facts: readonly Fact[], is: Is) {
  return facts.find((fact): fact is Extract<Fact, { is: Is }> => fact.is === is);
}

async function answers(talk: ModemTalk): ReturnType<Check> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const lines = await talk.send('AT');
    if (lines?.at(-1) !== 'OK') continue;
    // A mere ERROR would tell no SIM that is missing from one that is busy.
    await talk.send('AT+CMEE=2');
    return well(lines);
  }
  // A modem that waits for data takes commands for some of it: filled up, it answers again.
  await fill(talk);
  const lines = await talk.send('AT');
  return lines === null ? bad('silent', []) : bad('data_mode', lines);
}

async function fill(talk: ModemTalk): Promise<void> {
  for (let sent = 0; sent < BLOCK_BYTES_MAX; sent += PIECE_BYTES) {
    await talk.raw('\r'.repeat(PIECE_BYTES));
  }
  await talk.sleep(1000);
}

async function radio(talk: ModemTalk): ReturnType<Check> {
  const lines = await talk.send('AT+CFUN?');
  const found = only(factsOf(lines, '+CFUN', true), 'function');
  return found && found.level !== 'full' ? bad('radio_off', lines ?? []) : well(lines ?? []);
}

async function sim(talk: ModemTalk): ReturnType<Check> {
  const lines = (await talk.send('AT+CPIN?')) ?? [];
  const facts = factsOf(lines, '+CPIN', true);
  const state = only(facts, 'sim')?.state;
  const error = only(facts, 'error');
  if (state === 'ready') return well(lines);
  if (state === 'pin' || error?.number === 11) return bad('sim_pin', lines);
  if (state === 'puk' || error?.number === 12) return bad('sim_puk', lines);
  if (state === 'busy' || error?.number === 14) return bad('sim_busy', lines);
  return bad(state === 'missing' || error?.number === 10 ? 'sim_missing' : 'sim_failed', lines);
}

/** Without a band of the region no network is ever found, and no signal either. */
async function bands(talk: ModemTalk, target: Target): ReturnType<Check> {
  const lines = (await talk.send('AT+QCBAND?')) ?? [];
  const found = only(factsOf(lines, '+QCBAND', true), 'bands');
  const wanted = target.bands.split(',').map(Number);
  const isLost = found && !wanted.some((band) => found.bands.includes(band));
  return isLost ? bad('wrong_bands', lines) : well(lines);
}

async function signal(talk: ModemTalk): ReturnType<Check> {
  const lines = (await talk.send('AT+CSQ')) ?? [];
  const found = only(factsOf(lines, '+CSQ'), 'signal');
  return found?.dbm === null ? bad('no_signal', lines) : well(lines);
}

async function powerSaving(talk: ModemTalk): ReturnType<Check> {
  const lines = (await talk.send('AT+CPSMS?')) ?? [];
  const found = only(factsOf(lines, '+CPSMS', true), 'power_saving');
  return found?.on ? bad('power_saving', lines) : well(lines);
}

async function operator(talk: ModemTalk): ReturnType<Check> {
  const lines = (await talk.send('AT+COPS?')) ?? [];
  const facts = factsOf(lines, '+COPS', true);
  const choice = only(facts, 'operator_choice');
  // Chosen by hand and found is somebody's wish; chosen and not found is a cause.
  const isCause = choice && choice.by !== 'modem' && !only(facts, 'operator');
  return isCause ? bad('operator_by_hand', lines) : well(lines);
}

async function registration(talk: ModemTalk): ReturnType<Check> {
  for (let waited = 0; ; waited += LOOK_MS) {
    const lines = (await talk.send('AT+CEREG?')) ?? [];
    const state = only(factsOf(lines, '+CEREG', true), 'registration')?.state;
    if (state === 'home' || state === 'roaming') return well(lines);
    if (state === 'denied') return bad('denied', lines);
    if (waited >= REGISTER_MS) return bad('searching', lines);
    await talk.sleep(LOOK_MS);
  }
}

async function attached(talk: ModemTalk): ReturnType<Check> {
  const lines = (await talk.send('AT+CGATT?')) ?? [];
  const found = only(factsOf(lines, '+CGATT', true), 'attached');
  return found?.attached === false ? bad('not_attached', lines) : well(lines);
}

/** Of CID 0, which the modem makes by itself, and no other: a second one is refused. */
async function accessPoint(talk: ModemTalk, { apn }: Target): ReturnType<Check> {
  const lines = (await talk.send('AT+CGDCONT?')) ?? [];
  const contexts = factsOf(lines, '+CGDCONT', true).filter((fact) => fact.is === 'context');
  const own = contexts.find(({ cid }) => cid === 0);
  const isRight = own === undefined || own.apn.toLowerCase() === apn.toLowerCase();
  return isRight ? well(lines) : bad('wrong_access_point', lines);
}

async function stack(talk: ModemTalk): ReturnType<Check> {
  const lines = (await talk.send('AT+NETOPEN?')) ?? [];
  const found = only(factsOf(lines, '+NETOPEN', true), 'stack');
  return found?.state === 'closed' ? bad('net_closed', lines) : well(lines);
}

/** `+IPADDR` may stay empty on a modem that has one: then its context has it. */
async function address(talk: ModemTalk): ReturnType<Check> {
  const lines = (await talk.send('AT+IPADDR')) ?? [];
  if (only(factsOf(lines, '+IPADDR'), 'address')) return well(lines);
  const more = (await talk.send('AT+CGDCONT?')) ?? [];
  const contexts = factsOf(more, '+CGDCONT', true).filter((fact) => fact.is === 'context');
  const has = contexts.some(({ cid, address: own }) => cid === 0 && own !== null);
  return has ? well(more) : bad('no_address', [...lines, ...more]);
}

async function backend(talk: ModemTalk, target: Target): ReturnType<Check> {
  const first = await open(talk, target);
  if (first.fault !== 'backend_down') return first;
  // A connection of before that nobody closed is in the way of this one.
  const closed = talk.hear((line) => /^\+CIPCLOSE: ?0/.test(line), LOOK_MS);
  const lines = await talk.send('AT+CIPCLOSE=0');
  if (lines?.at(-1) !== 'OK') return first;
  await closed;
  return await open(talk, target);
}

async function open(talk: ModemTalk, { host, port }: Target): ReturnType<Check> {
  const isOurs = (line: string) => /^\+CIPOPEN: ?0, ?\d+/.test(line);
  const heard = talk.hear(isOurs, CONNECT_MS);
  const lines = (await talk.send(`AT+CIPOPEN=0,"TCP","${host}",${port}`)) ?? [];
  const isRefused = lines.length > 0 && lines.at(-1) !== 'OK' && !lines.some(isOurs);
  const result = lines.find(isOurs) ?? (isRefused ? null : await heard);
  const said = result === null ? lines : [...lines, result].filter(unique);
  const opened = result === null ? undefined : only(decode(result) ?? [], 'socket');
  if (opened?.event !== 'opened') {
    return bad(opened?.error === 11 ? 'backend_unknown' : 'backend_down', said);
  }
  await talk.send('AT+CIPCLOSE=0');
  return well(said);
}

const unique = (line: string, at: number, all: readonly string[]) => all.indexOf(line) === at;

const CHECKS: readonly [CheckId, Check][] = [
  ['answers', answers],
  ['radio', radio],
  ['sim', sim],
  ['bands', bands],
  ['signal', signal],
  ['power_saving', powerSaving],
  ['operator', operator],
  ['registration', registration],
  ['attached', attached],
  ['access_point', accessPoint],
  ['stack', stack],
  ['address', address],
  ['backend', backend],
];
export const CHECK_IDS: readonly CheckId[] = CHECKS.map(([id]) => id);

/**
 * Makes the checks in their order until one finds a fault.
 * @param found gets each finding as it is proven
 * @param signal stops it between two checks
 * @returns all findings; the last has the fault, or none has
 */
export async function diagnose(
  talk: ModemTalk,
  target: Target,
  found: (finding: Finding) => void = () => {},
  stop?: AbortSignal,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [check, run] of CHECKS) {
    if (stop?.aborted) break;
    const finding = { check, ...(await run(talk, target)) };
    findings.push(finding);
    found(finding);
    if (finding.fault !== null) break;
  }
  return findings;
}

type Step = string | { sleepMs: number } | { hear: RegExp; ms: number };

/** Commands that mend a fault, and what has to be waited for. */
export function stepsOf(fault: Mend, { apn, bands: list }: Target): readonly Step[] {
  const restart: Step[] = ['AT+CFUN=1,1', { sleepMs: RESTART_MS }, 'ATE0'];
  const openStack: Step[] = ['AT+NETOPEN', { hear: /^\+NETOPEN: ?\d/, ms: STACK_MS }];
  switch (fault) {
    case 'data_mode': // finding it has ended it
      return ['AT'];
    case 'radio_off':
      return ['AT+CFUN=1', { sleepMs: LOOK_MS }];
    case 'sim_busy':
    case 'searching':
      return restart;
    case 'wrong_bands':
      return [`AT+QCBAND=0,${list}`, ...restart];
    case 'power_saving':
      return ['AT+CPSMS=0'];
    case 'operator_by_hand':
      return ['AT+COPS=0', { sleepMs: LOOK_MS }];
    case 'not_attached':
      return ['AT+CGATT=1', { sleepMs: LOOK_MS }];
    case 'wrong_access_point':
      return ['AT+NETCLOSE', { sleepMs: LOOK_MS }, `AT+CGDCONT=0,"IP","${apn}"`, ...openStack];
    case 'net_closed':
      return openStack;
    case 'no_address':
      return ['AT+NETCLOSE', { sleepMs: LOOK_MS }, ...openStack];
  }
}

const MENDABLE: readonly Fault[] = [
  ...(['data_mode', 'radio_off', 'sim_busy', 'wrong_bands', 'power_saving'] as const),
  ...(['operator_by_hand', 'searching', 'not_attached', 'wrong_access_point'] as const),
  ...(['net_closed', 'no_address'] as const),
];
export const canMend = (fault: Fault): fault is Mend => MENDABLE.includes(fault);

/** Does what mends a fault; whether it has is what the next diagnosis finds. */
export async function mend(talk: ModemTalk, fault: Mend, target: Target): Promise<void> {
  const steps = stepsOf(fault, target);
  for (const [at, step] of steps.entries()) {
    if (typeof step === 'string') {
      // What it leads to may be said before the answer ends.
      const next = steps[at + 1];
      const heard =
        typeof next === 'object' && 'hear' in next
          ? talk.hear((line) => next.hear.test(line), next.ms)
          : null;
      await talk.send(step);
      await heard;
    } else if ('sleepMs' in step) await talk.sleep(step.sleepMs);
  }
}
