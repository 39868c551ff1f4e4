/**
 * Plays the recording (shared/vectors/serial) to a unit, sequence by sequence, each from a reset,
 * and reports where it answers otherwise. By default writes nothing. Knows no command line.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { OP } from '../../firmware/virtual/rom/protocol.ts';
import {
  bytesOf,
  DIFFERENCES,
  type Exchange,
  recordedSequences,
  type Sequence,
} from '../../firmware/virtual/testing/recording.ts';
import { toHex } from '../../shared/bytes.ts';
import { AppError } from '../../shared/errors.ts';
import { compare, type Verdict } from './compare.ts';
import type { ProbePort } from './port.ts';
import { type RamProgram, SYNC, uploadOf } from './requests.ts';

/** Commands that change flash, registers or RAM, or leave the loader. */
const WRITING: readonly number[] = [
  OP.flashBegin,
  OP.flashData,
  OP.flashEnd,
  OP.writeReg,
  OP.deflBegin,
  OP.deflData,
  OP.deflEnd,
  OP.eraseFlash,
  OP.eraseRegion,
];
/** An answer that has not begun by then does not come; erasing takes longer. */
const ANSWER_MS = 1500;
const ERASE_MS = 120_000;
const ERASING: readonly number[] = [OP.flashBegin, OP.deflBegin, OP.eraseFlash, OP.eraseRegion];
const SYNC_TRIES = 20;

export interface ProbeOptions {
  /** The stub of esptool-js, to be uploaded before its sequences. */
  stub: RamProgram;
  /** True: sequences that write, too. The whole flash is erased on the way. */
  write: boolean;
  /** Plays sequences of this name only. */
  only?: string | undefined;
  /** How long nothing may come before that counts as silence, and a third after an answer; ms. */
  quietMs: number;
  /** Told of each sequence when it has been played. */
  onSequence(sequence: Sequence, findings: Finding[]): void;
}

/** One exchange that was not equal. */
export interface Finding {
  exchange: Exchange;
  came: string;
  verdict: Exclude<Verdict, 'equal'>;
  /** Why this may be so, where it is known. */
  reason: string | null;
}

export interface ProbeReport {
  exchanges: number;
  equal: number;
  findings: Finding[];
  /** Sequences that were not played, with the reason. */
  leftOut: { sequence: Sequence; reason: string }[];
}

/** @throws AppError `no_sync`, `unit_silent`, `port_lost` when the unit cannot be brought along */
export async function probe(port: ProbePort, options: ProbeOptions): Promise<ProbeReport> {
  const unit = new Talk(port, options.quietMs);
  const report: ProbeReport = { exchanges: 0, equal: 0, findings: [], leftOut: [] };
  const { only } = options;
  for (const sequence of recordedSequences()) {
    if (only !== undefined && sequence.name !== only) continue;
    const reason = whyNot(sequence, port, options.write);
    if (reason !== null) {
      report.leftOut.push({ sequence, reason });
      continue;
    }
    await prepare(unit, port, sequence, options.stub);
    const findings = await play(unit, sequence);
    report.exchanges += sequence.exchanges.length;
    report.equal += sequence.exchanges.length - findings.length;
    report.findings.push(...findings);
    options.onSequence(sequence, findings);
  }
  return report;
}

function whyNot(sequence: Sequence, port: ProbePort, write: boolean): string | null {
  if (sequence.loader === 'legacy stub') return 'the older stub is not here to be uploaded';
  const ops = sequence.exchanges.map(opOf);
  if (!write && ops.some((op) => WRITING.includes(op))) return 'it writes';
  if (port.resetsAlways) return null;
  const leaves = sequence.loader === 'rom' && ops.includes(OP.flashEnd);
  const silent = sequence.exchanges.at(-1)?.answer === '';
  return leaves || silent ? 'only the lines of an RFC 2217 server get the chip back' : null;
}

function opOf({ request }: Exchange): number {
  return bytesOf(request)[2] ?? 0;
}

/** From a reset to where the sequence was recorded from. */
async function prepare(unit: Talk, port: ProbePort, sequence: Sequence, stub: RamProgram) {
  await port.enterDownload();
  await unit.sync();
  if (sequence.loader === 'rom') return;
  for (const frame of uploadOf(stub)) {
    if ((await unit.ask(frame, 1)) === '') {
      throw new AppError('unit_silent', 'The chip did not take the stub.');
    }
  }
  await unit.settle(); // OHAI
}

async function play(unit: Talk, { loader, name, exchanges }: Sequence): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const exchange of exchanges) {
    const { request, answer, step } = exchange;
    const patience = ERASING.includes(opOf(exchange)) ? ERASE_MS : ANSWER_MS;
    const came = await unit.ask(bytesOf(request), answer.length / 2, patience);
    const verdict = compare(answer, came, loader === 'rom' ? 4 : 2);
    if (verdict === 'equal') continue;
    const reason = DIFFERENCES.get(`${loader} ${name} ${step}`) ?? null;
    findings.push({ exchange, came, verdict, reason });
  }
  return findings;
}

/** Requests and the bytes that come back. */
class Talk {
  readonly #port: ProbePort;
  readonly #quietMs: number;
  #came: number[] = [];
  #onBytes: () => void = () => {};

  constructor(port: ProbePort, quietMs: number) {
    this.#port = port;
    this.#quietMs = quietMs;
    port.onBytes = (bytes) => {
      for (const byte of bytes) this.#came.push(byte);
      this.#onBytes();
    };
  }

  /**
   * @param expected bytes of the recorded answer; 0 = silence
   * @returns hex of what came
   */
  async ask(request: Uint8Array, expected: number, patienceMs = ANSWER_MS): Promise<string> {
    this.#came = [];
    this.#port.write(request);
    const until = performance.now() + (expected === 0 ? this.#quietMs : patienceMs);
    while (this.#came.length < Math.max(1, expected)) {
      const left = until - performance.now();
      if (left <= 0 || !(await this.#hears(left))) break;
    }
    await this.settle();
    return toHex(Uint8Array.from(this.#came));
  }

  /** Waits until nothing more comes. */
  async settle(): Promise<void> {
    while (await this.#hears(this.#quietMs / 3));
  }

  /** The first SYNC after a reset may be missed. @throws AppError `no_sync` */
  async sync(): Promise<void> {
    for (let i = 0; i < SYNC_TRIES; i++) {
      if ((await this.ask(SYNC, 1, 2 * this.#quietMs)) !== '') return;
      await sleep(this.#quietMs);
    }
    throw new AppError('no_sync', 'The chip does not answer in download mode.');
  }

  #hears(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), withinMs);
      this.#onBytes = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
