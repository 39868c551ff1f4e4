/**
 * Writes regions through the flasher stub: checks everything before it erases anything, leaves out
 * what is there already, keeps the one block in flight that the stub can take, proves each region
 * by MD5. Knows no reset, no app, no manifest.
 */
import { msg, str } from '@lit/localize';
import { md5 } from '@noble/hashes/legacy.js';
import { sameBytes } from '../../shared/bytes.ts';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { throwIfCancelled } from '../app/cancel.ts';
import type { FlashRegion, WriteProgress, WriteReport } from '../app/flash-types.ts';
import type { WriteOptions } from '../app/ports.ts';
import type { ChipInfo } from '../app/unit-state.ts';
import { divide, zlibCompress } from './compress.ts';
import { checkRegions } from './image-check.ts';
import { BLOCK_BYTES, deflFrame, type StubCommands } from './stub-commands.ts';

const SECTOR_BYTES = 0x1000;
/** An interrupted write is taken up again at a multiple of this, which the stub erases at once. */
const RESUME_BYTES = 0x10000;
/** So often a region is begun at the same place when a block was lost, refused or damaged. */
const ATTEMPTS = 3;
const AGAIN: readonly ErrorCode[] = ['flash_write_failed', 'verify_failed'];
/** Below this much writing a rate is a guess, and no time left is reported. */
const ESTIMATE_AFTER_MS = 500;

interface Job {
  region: FlashRegion;
  md5: Uint8Array;
  /** Bytes at the region's start that are in flash already. */
  from: number;
  /** zlib stream of the rest. */
  packed: Promise<Uint8Array>;
}

/**
 * Writes `regions` in the order given.
 * @throws AppError the codes of {@link checkRegions} with flash untouched; `flash_write_failed`,
 * `verify_failed`, `unit_silent`, `port_lost`, `cancelled` with some regions written
 */
export async function writeRegions(
  stub: StubCommands,
  chip: ChipInfo,
  regions: readonly FlashRegion[],
  options: WriteOptions,
): Promise<WriteReport> {
  const started = performance.now();
  await checkRegions(regions, chip, options.target);
  const progress = new Progress(regions, options.onProgress);
  const report: WriteReport = { regions: [], elapsedMs: 0 };
  const jobs = await findWork(stub, regions, { progress, report, signal: options.signal });
  progress.setWork(jobs);
  for (const job of jobs) {
    const before = performance.now();
    await writeJob(stub, job, progress, options.signal);
    progress.finish(job.region, job.from);
    const elapsedMs = performance.now() - before;
    const { name, bytes } = job.region;
    report.regions.push({ name, bytes: bytes.length, skipped: false, elapsedMs });
  }
  report.elapsedMs = performance.now() - started;
  return report;
}

/** Who hears of a write's progress, and what stops it. */
interface Watched {
  progress: Progress;
  signal: AbortSignal | undefined;
}

/** What has to be written; regions whose bytes are in flash already go to the report. */
async function findWork(
  stub: StubCommands,
  regions: readonly FlashRegion[],
  { progress, report, signal }: Watched & { report: WriteReport },
): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const region of regions) {
    throwIfCancelled(signal);
    progress.report('check', region, 0);
    const before = performance.now();
    const { name, bytes } = region;
    const hash = md5(bytes);
    const from = await bytesInPlace(stub, region, hash);
    if (from < bytes.length) {
      const packed = zlibCompress(bytes.subarray(from)); // while others are asked about
      packed.catch(() => undefined); // awaited in its turn; never unhandled meanwhile
      jobs.push({ region, md5: hash, from, packed });
      continue;
    }
    const elapsedMs = performance.now() - before;
    report.regions.push({ name, bytes: bytes.length, skipped: true, elapsedMs });
    progress.finish(region);
  }
  return jobs;
}

/**
 * How many bytes at the region's start are in flash already: all of them, or a whole number of
 * {@link RESUME_BYTES} that an interrupted write has left. The first sector is asked about first:
 * on a chip with other content that one question is enough, and an MD5 of a megabyte takes a third
 * of a second.
 */
async function bytesInPlace(
  stub: StubCommands,
  { bytes, offset }: FlashRegion,
  hash: Uint8Array,
): Promise<number> {
  const matches = async (length: number) =>
    sameBytes(await stub.md5(offset, length), md5(bytes.subarray(0, length)));
  if (bytes.length > SECTOR_BYTES && !(await matches(SECTOR_BYTES))) return 0;
  if (sameBytes(await stub.md5(offset, bytes.length), hash)) return bytes.length;
  let known = 0;
  let beyond = Math.ceil(bytes.length / RESUME_BYTES);
  while (known + 1 < beyond) {
    const middle = (known + beyond) >> 1;
    if (await matches(middle * RESUME_BYTES)) known = middle;
    else beyond = middle;
  }
  return known * RESUME_BYTES;
}

/** Writes and verifies a region; goes on where it was when something on the way went wrong. */
async function writeJob(
  stub: StubCommands,
  job: Job,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const { bytes } = job.region;
  let { from, packed } = job;
  for (let attempt = 1; ; attempt++) {
    try {
      await writeFrom(stub, job, { from, packed: await packed }, { progress, signal });
      return await verify(stub, job, progress);
    } catch (error) {
      const again = error instanceof AppError && AGAIN.includes(error.code);
      if (!again || attempt === ATTEMPTS) throw error;
    }
    const inPlace = await bytesInPlace(stub, job.region, job.md5);
    if (inPlace === bytes.length) return;
    if (inPlace > from) attempt = 0;
    from = inPlace;
    packed = zlibCompress(bytes.subarray(from));
  }
}

/**
 * The stub has two block buffers: it writes one while the next arrives, and answers for a block as
 * soon as it has taken it. So exactly one unanswered block may travel; the frame after it is made
 * meanwhile.
 */
async function writeFrom(
  stub: StubCommands,
  { region, from: begin }: Job,
  { from, packed }: { from: number; packed: Uint8Array },
  { progress, signal }: Watched,
): Promise<void> {
  const blocks = divide(packed, BLOCK_BYTES);
  const length = region.bytes.length - from;
  const perBlock = length / blocks.length;
  throwIfCancelled(signal);
  await stub.deflBegin(length, blocks.length, region.offset + from);
  let frame = deflFrame(blocks[0]!, 0); // a zlib stream is never empty
  for (let seq = 0; seq < blocks.length; seq++) {
    const taken = stub.block(frame, length);
    const next = blocks[seq + 1];
    if (next) frame = deflFrame(next, seq + 1);
    await taken;
    throwIfCancelled(signal);
    progress.report('write', region, from + Math.round(perBlock * (seq + 1)), begin);
  }
  await stub.deflEnd(length);
  packed.fill(0); // one of the regions carries the token
}

async function verify(stub: StubCommands, job: Job, progress: Progress): Promise<void> {
  const { region } = job;
  progress.report('verify', region, region.bytes.length, job.from);
  const there = await stub.md5(region.offset, region.bytes.length);
  if (!sameBytes(there, job.md5)) {
    throw new AppError(
      'verify_failed',
      msg(str`The ${region.name} reads back differently than written.`),
    );
  }
}

/** Counts uncompressed bytes over all regions and estimates from those really written. */
class Progress {
  readonly #onProgress: (progress: WriteProgress) => void;
  readonly #total: number;
  #finished = 0;
  /** The most that was reported: a region begun again does not take it back. */
  #reported = 0;
  /** Bytes to write in all, and of them those of regions that are finished. */
  #work = 0;
  #workFinished = 0;
  #writingSince = 0;

  constructor(
    regions: readonly FlashRegion[],
    onProgress: (progress: WriteProgress) => void = () => {},
  ) {
    this.#onProgress = onProgress;
    this.#total = regions.reduce((sum, region) => sum + region.bytes.length, 0);
  }

  /** What is found in flash already has cost no time and must not make the rest look fast. */
  setWork(jobs: readonly Job[]): void {
    this.#work = jobs.reduce((sum, job) => sum + job.region.bytes.length - job.from, 0);
    this.#writingSince = performance.now();
  }

  /** @param within bytes of `region` that are in flash now */
  report(stage: WriteProgress['stage'], region: FlashRegion, within: number, from = within): void {
    const written = this.#workFinished + within - from;
    const remainingMs = stage === 'check' ? null : this.#remaining(written);
    const done = Math.max(this.#reported, this.#finished + within);
    this.#reported = done;
    this.#onProgress({ stage, region: region.name, done, total: this.#total, remainingMs });
  }

  /** @param from bytes of it that were in flash before; all of them when left out */
  finish(region: FlashRegion, from = region.bytes.length): void {
    this.#finished += region.bytes.length;
    this.#workFinished += region.bytes.length - from;
    this.report('verify', region, 0);
  }

  #remaining(written: number): number | null {
    const spent = performance.now() - this.#writingSince;
    if (this.#writingSince === 0 || spent < ESTIMATE_AFTER_MS || written <= 0) return null;
    return Math.round((spent / written) * (this.#work - written));
  }
}
