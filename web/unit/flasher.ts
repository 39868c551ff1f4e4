/**
 * Writes regions through the flasher stub: checks everything before it erases anything, leaves out
 * what is there already, keeps the one block in flight that the stub can take, proves what it wrote
 * by MD5. Knows no reset, no app, no manifest.
 */
import { msg, str } from '@lit/localize';
import { sameBytes } from '../../shared/bytes.ts';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { throwIfCancelled } from '../app/cancel.ts';
import type { FlashRegion, WriteProgress, WriteReport } from '../app/flash-types.ts';
import type { WriteOptions } from '../app/ports.ts';
import type { ChipInfo } from '../app/unit-state.ts';
import { bytesToWrite, planRegion, type RegionPlan } from './flash-plan.ts';
import type { Packed } from './heavy-work.ts';
import { checkRegions } from './image-check.ts';
import type { OffThread } from './off-thread.ts';
import type { StubCommands } from './stub-commands.ts';

/** So often a region is begun at the same place when a block was lost, refused or damaged. */
const ATTEMPTS = 3;
const AGAIN: readonly ErrorCode[] = ['flash_write_failed', 'verify_failed'];
/** Below this much writing a rate is a guess, and no time left is reported. */
const ESTIMATE_AFTER_MS = 500;

/** A region with something to write. */
interface Job {
  plan: RegionPlan;
  /** One for each run of the plan. */
  packed: Promise<Packed>[];
}

/** The chip in its stub, and who computes for it. */
interface Flasher {
  stub: StubCommands;
  chip: ChipInfo;
  thread: OffThread;
}

/**
 * Writes `regions` in the order given.
 * @throws AppError the codes of {@link checkRegions} with flash untouched; `flash_write_failed`,
 * `verify_failed`, `unit_silent`, `port_lost`, `cancelled` with some regions written
 */
export async function writeRegions(
  flasher: Flasher,
  regions: readonly FlashRegion[],
  options: WriteOptions,
): Promise<WriteReport> {
  const started = performance.now();
  await checkRegions(regions, flasher.chip, options.target, flasher.thread);
  const watched = { progress: new Progress(regions, options.onProgress), signal: options.signal };
  const report: WriteReport = { regions: [], elapsedMs: 0 };
  const jobs = await findWork(flasher, regions, watched, report);
  options.onPlan?.(report.regions);
  watched.progress.setWork(jobs.map(({ plan }) => plan));
  for (const job of jobs) {
    const before = performance.now();
    await writeJob(flasher, job, watched);
    watched.progress.finish(job.plan);
    const written = report.regions.find(({ offset }) => offset === job.plan.region.offset);
    if (written) written.elapsedMs += performance.now() - before;
  }
  report.elapsedMs = performance.now() - started;
  return report;
}

/** Who hears of a write's progress, and what stops it. */
interface Watched {
  progress: Progress;
  signal: AbortSignal | undefined;
}

/** What has to be written; every region goes to the report with what becomes of it. */
async function findWork(
  flasher: Flasher,
  regions: readonly FlashRegion[],
  { progress, signal }: Watched,
  report: WriteReport,
): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const region of regions) {
    throwIfCancelled(signal);
    progress.report('check', region, 0);
    const before = performance.now();
    const plan = await planRegion(flasher, region);
    const toWrite = bytesToWrite(plan);
    if (toWrite > 0) jobs.push({ plan, packed: packRuns(flasher.thread, plan) });
    else progress.finish(plan);
    const { name, offset, bytes } = region;
    const elapsedMs = performance.now() - before;
    const fate = { name, offset, bytes: bytes.length, toWrite, reason: plan.reason };
    report.regions.push({ ...fate, elapsedMs });
  }
  return jobs;
}

/** Begun at once: it is packed while the chip is asked about other regions. */
function packRuns(thread: OffThread, { region, runs }: RegionPlan): Promise<Packed>[] {
  return runs.map(({ begin, end }) => {
    const packed = thread.pack(region.bytes.subarray(begin, end));
    packed.catch(() => undefined); // awaited in its turn; never unhandled meanwhile
    return packed;
  });
}

/** Writes and verifies a region; goes on where it was when something on the way went wrong. */
async function writeJob(flasher: Flasher, job: Job, watched: Watched): Promise<void> {
  let { plan, packed } = job;
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeRuns(flasher.stub, plan, packed, watched);
    } catch (error) {
      const again = error instanceof AppError && AGAIN.includes(error.code);
      if (!again || attempt === ATTEMPTS) throw error;
    }
    const rest = await planRegion(flasher, plan.region, true);
    if (rest.runs.length === 0) return;
    if (bytesToWrite(rest) < bytesToWrite(plan)) attempt = 0;
    plan = rest;
    packed = packRuns(flasher.thread, plan);
  }
}

/** What was found in place is proven; what was not is, once it is written. */
async function writeRuns(
  stub: StubCommands,
  plan: RegionPlan,
  packed: readonly Promise<Packed>[],
  watched: Watched,
): Promise<void> {
  const { region, runs } = plan;
  const { progress } = watched;
  const inPlace = region.bytes.length - bytesToWrite(plan);
  let within = inPlace;
  for (const [i, { begin, end }] of runs.entries()) {
    throwIfCancelled(watched.signal);
    const before = within;
    const { frames } = await packed[i]!; // as many as runs
    const source = { length: end - begin, frames };
    await writeRun(stub, region.offset + begin, source, (bytes) => {
      throwIfCancelled(watched.signal);
      progress.report('write', region, before + bytes, inPlace);
    });
    within += end - begin;
  }
  progress.report('verify', region, region.bytes.length, inPlace);
  for (const [i, { begin, end }] of runs.entries()) {
    const { md5 } = await packed[i]!; // as many as runs
    if (sameBytes(await stub.md5(region.offset + begin, end - begin), md5)) continue;
    throw new AppError(
      'verify_failed',
      msg(str`The ${region.name} reads back differently than written.`),
    );
  }
}

/**
 * The stub has two block buffers: it writes one while the next arrives, and answers for a block as
 * soon as it has taken it. So exactly one unanswered block may travel.
 * @param onBytes told how much of the run is taken, after each block
 */
async function writeRun(
  stub: StubCommands,
  offset: number,
  { length, frames }: { length: number; frames: readonly Uint8Array[] },
  onBytes: (bytes: number) => void,
): Promise<void> {
  await stub.deflBegin(length, frames.length, offset);
  for (const [seq, frame] of frames.entries()) {
    await stub.block(frame, length);
    onBytes(Math.round((length / frames.length) * (seq + 1)));
    frame.fill(0); // one of the regions carries the token
  }
  await stub.deflEnd(length);
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
  setWork(plans: readonly RegionPlan[]): void {
    this.#work = plans.reduce((sum, plan) => sum + bytesToWrite(plan), 0);
    this.#writingSince = performance.now();
  }

  /**
   * @param within bytes of `region` that are in flash now
   * @param from of these, those that were there before
   */
  report(stage: WriteProgress['stage'], region: FlashRegion, within: number, from = within): void {
    const written = this.#workFinished + within - from;
    const remainingMs = stage === 'check' ? null : this.#remaining(written);
    const done = Math.max(this.#reported, this.#finished + within);
    this.#reported = done;
    this.#onProgress({ stage, region: region.name, done, total: this.#total, remainingMs });
  }

  finish(plan: RegionPlan): void {
    this.#finished += plan.region.bytes.length;
    this.#workFinished += bytesToWrite(plan);
    this.report('verify', plan.region, 0);
  }

  #remaining(written: number): number | null {
    const spent = performance.now() - this.#writingSince;
    if (this.#writingSince === 0 || spent < ESTIMATE_AFTER_MS || written <= 0) return null;
    return Math.round((spent / written) * (this.#work - written));
  }
}
