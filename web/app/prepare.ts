/**
 * Preparing a unit, from a bare chip to its first reading: the order of stages and what each hands
 * to the next. Owns {@link PrepareState}. Knows no page; ports and the unit do the work.
 *
 * Before anything is erased, the id and the firmware are checked. The token exists between
 * `write-unit` and its end only; its hash is registered as soon as the unit holds it, before the
 * unit runs, so that its first post is already welcome.
 */
import { msg, str } from '@lit/localize';
import { AppError, ERROR_CODES, toAppError } from '../../shared/errors.ts';
import { describeError } from './error-messages.ts';
import { errorWords } from './error-words.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { FirmwareSource, Outbox, TimeSource, UnitsPortal } from './ports.ts';
import { runBringup } from './prepare-bringup.ts';
import { checkJob, nowProven, register } from './prepare-check.ts';
import { awaitMilestone, checkSignal } from './prepare-milestones.ts';
import {
  freshPrepareState,
  type Prepare,
  type PrepareOptions,
  type PrepareState,
  partlyErased,
  type StageId,
  stoppedAdvice,
} from './prepare-state.ts';
import {
  eraseUnit,
  type Job,
  versionsOf,
  writeFirmware,
  writeProvisioning,
  writeUnit,
} from './prepare-write.ts';
import { StageTracker } from './stage-tracker.ts';
import type { Unit } from './unit.ts';

export interface PrepareParts {
  unit: Unit;
  portal: UnitsPortal;
  outbox: Outbox;
  firmware: FirmwareSource;
  time: TimeSource;
}

export class PrepareFlow implements Prepare {
  readonly #parts: PrepareParts;
  readonly #state = new ObservableValue<PrepareState>(freshPrepareState());
  readonly #stages: StageTracker;
  #options: PrepareOptions | null = null;
  #abort: AbortController | null = null;
  #running: Promise<void> | null = null;

  constructor(parts: PrepareParts) {
    this.#parts = parts;
    this.#stages = new StageTracker(this.#state, parts.time);
  }

  get state(): Observable<PrepareState> {
    return this.#state;
  }

  /** A call while one runs joins it. */
  start(options: PrepareOptions): Promise<void> {
    return this.#once(options, null);
  }

  retry(changes: Partial<PrepareOptions> = {}): Promise<void> {
    if (!this.#options) return Promise.resolve();
    return this.#once({ ...this.#options, ...changes }, this.#state.value.mac);
  }

  cancel(): void {
    this.#abort?.abort();
  }

  #once(options: PrepareOptions, onlyMac: string | null): Promise<void> {
    this.#running ??= this.#begin(options, onlyMac).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #begin(options: PrepareOptions, onlyMac: string | null): Promise<void> {
    this.#options = options;
    const abort = new AbortController();
    this.#abort = abort;
    const before = this.#state.value;
    // What was found out or written belongs to a chip: only the same chip's is carried on.
    const { mac, tokenWritten, tokenSha256 } = before;
    this.#state.set({
      ...freshPrepareState(options.deviceId, options),
      result: 'running',
      locationId: options.locationId ?? null,
      provenMacs: this.#provenMacs(before),
      ...(onlyMac !== null && { mac, tokenWritten, tokenSha256 }),
    });
    const clock = new AbortController();
    void this.#stages.keepTime(clock.signal);
    const offLost = this.#parts.unit.onLost(() => abort.abort(unplugged()));
    try {
      await this.#run(options, onlyMac, abort.signal);
      this.#state.patch({ result: 'done' });
    } catch (cause) {
      const error = toAppError(cause);
      const { aborted, reason } = abort.signal;
      // A unit that is gone is not in download mode either; that is not what happened.
      this.#fail(aborted && error.code === 'no_sync' ? toAppError(reason) : error);
    } finally {
      clock.abort();
      offLost();
      this.#abort = null;
    }
  }

  /** A unit that runs says itself whether its link was proven; asking the chip anew forgets it. */
  #provenMacs({ provenMacs }: PrepareState): ReadonlySet<string> {
    const { chip, hello } = this.#parts.unit.state.value;
    return chip && hello?.cellular_ok ? new Set([...provenMacs, chip.mac]) : provenMacs;
  }

  async #run(options: PrepareOptions, onlyMac: string | null, signal: AbortSignal): Promise<void> {
    const wanted = { options, onlyMac, signal };
    const job = await checkJob(this.#parts, this.#state, this.#stages, wanted);
    if (options.eraseAll) await this.#eraseAll(job, signal);
    if (options.action === 'flash') return this.#flashOnly(job, signal);
    const proven = this.#state.value.provenMacs.has(job.chip.mac);
    const again = options.proveAgain === true && onlyMac === null;
    if (options.action !== 'bringup' && proven && !again) this.#skip(PHASE_1, provenBefore());
    else await this.#phase1(job, signal);
    if (options.action === 'bringup') return this.#skip(PHASE_2, linkOnly());
    await this.#writeUnit(job, signal);
    await this.#startUnit(job.options.deviceId, signal);
    await this.#confirm(job, signal);
  }

  /** The unit stays who it is, and is registered already. */
  async #flashOnly(job: Job, signal: AbortSignal): Promise<void> {
    this.#skip([...PHASE_1, 'register'], firmwareOnly());
    await this.#stages.run('write-unit', (reporter) =>
      writeFirmware(this.#parts.unit, job, { reporter, signal }),
    );
    await this.#startUnit(job.ownId ?? '', signal);
    this.#skip(['heartbeat', 'reading', 'signal'], firmwareOnly());
  }

  /** On consent, and only where the unit is not divided as it should be. */
  async #eraseAll({ hasToErase }: Job, signal: AbortSignal): Promise<void> {
    if (!hasToErase)
      return this.#stages.skip('erase', msg('Left out: it is divided as it should.'));
    await this.#stages.run('erase', (reporter) =>
      eraseUnit(this.#parts.unit, { reporter, signal }),
    );
  }

  #skip(stages: readonly StageId[], why: string): void {
    for (const id of stages) this.#stages.skip(id, why);
  }

  async #phase1(job: Job, signal: AbortSignal): Promise<void> {
    const { unit } = this.#parts;
    await this.#stages.run('write-provisioning', (reporter) =>
      writeProvisioning(unit, job, reporter, signal),
    );
    await this.#stages.run('start-provisioning', async () => {
      const hello = await unit.watch(signal);
      if (hello?.app !== 'provisioning') throw wrongApp(msg('test program'), hello?.app);
      if (hello.device_id === job.options.deviceId) job.renew = true;
    });
    await this.#stages.run('bringup', (reporter) =>
      runBringup(unit, this.#state, reporter, signal),
    );
    nowProven(this.#state, job.chip.mac);
  }

  /** Writes identity and app, and makes the token's hash known while the unit still waits. */
  async #writeUnit(job: Job, signal: AbortSignal): Promise<void> {
    const { options, chip, bundle } = job;
    const onToken = () => this.#state.patch({ tokenWritten: true });
    const tokenSha256 = await this.#stages.run('write-unit', (reporter) =>
      writeUnit(this.#parts.unit, job, { onToken, reporter, signal }),
    );
    this.#state.patch({ tokenSha256 });
    const request = {
      device_id: options.deviceId,
      token_sha256: tokenSha256,
      mac: chip.mac,
      firmware: versionsOf(bundle).jambox,
      replace: options.replace === true || job.renew,
      ...(options.locationId === undefined ? {} : { location_id: options.locationId }),
    };
    const queued = await this.#stages.run('register', (reporter) =>
      register(this.#parts, request, { reporter, signal }),
    );
    this.#state.patch({ queued, tokenWritten: queued });
  }

  async #startUnit(deviceId: string, signal: AbortSignal): Promise<void> {
    await this.#stages.run('start-unit', async () => {
      const hello = await this.#parts.unit.watch(signal);
      if (hello?.app !== 'jambox') throw wrongApp(msg('JamBox program'), hello?.app);
      if (hello.device_id !== deviceId) throw wrongIdentity(deviceId, hello.device_id);
    });
  }

  async #confirm(job: Job, signal: AbortSignal): Promise<void> {
    const { unit, time } = this.#parts;
    const who = { deviceId: job.options.deviceId, mac: job.chip.mac };
    for (const milestone of ['heartbeat', 'reading'] as const) {
      if (this.#state.value.queued) {
        this.#stages.skip(milestone, msg('Cannot be seen before the registration is delivered.'));
        continue;
      }
      await this.#stages.run(milestone, async (reporter) => {
        const found = await awaitMilestone(milestone, this.#parts, who, { reporter, signal });
        this.#state.patch({ isSeen: found.seen, firstReading: found.reading });
      });
    }
    await this.#stages.run('signal', async (reporter) => {
      this.#state.patch({ signalDbm: await checkSignal(unit, time, reporter, signal) });
    });
  }

  #fail(cause: AppError): void {
    const error = withProgress(cause, this.#state.value);
    this.#stages.explainFailure(errorWords(error).what);
    const result = error.code === 'cancelled' ? 'cancelled' : 'failed';
    const stopped = result === 'cancelled' && error.hint === ERROR_CODES.cancelled;
    const advice = stopped ? stoppedAdvice(this.#state.value) : describeError(error).advice;
    this.#state.patch({ result, error, advice });
  }
}

const PHASE_1 = ['write-provisioning', 'start-provisioning', 'bringup'] as const;
const PHASE_2 = ['write-unit', 'register', 'start-unit', 'heartbeat', 'reading', 'signal'] as const;

const provenBefore = () => msg('Left out: this unit has proven its link before.');
const linkOnly = () => msg('Left out: only the link was to be tested.');
const firmwareOnly = () => msg('Left out: only the firmware was to be written.');

/** A cable pulled while writing: says how far it was, and that it was not in vain. */
function withProgress(error: AppError, state: PrepareState): AppError {
  const stage = state.stages.find((s) => s.state === 'failed');
  if (!['port_lost', 'unit_silent'].includes(error.code)) return error;
  const writing = stage?.id === 'write-provisioning' || stage?.id === 'write-unit';
  if (!writing && stage?.id !== 'erase') return error;
  const percent = Math.floor(stage.progress * 100);
  return new AppError(error.code, msg(str`The unit stopped answering after ${percent} %.`), {
    hint: writing
      ? msg('Plug it in again, then press Try again; what was already written is kept.')
      : `${partlyErased()} ${msg('Plug it in again, then press Try again: it goes on from there.')}`,
    cause: error,
  });
}

function unplugged(): AppError {
  return new AppError('port_lost', msg('The connection to the unit is gone.'));
}

function wrongApp(expected: string, found: string | undefined): AppError {
  return found === undefined
    ? new AppError('unit_silent', msg(str`The ${expected} was written but does not answer.`))
    : new AppError('verify_failed', msg(str`The unit runs “${found}” instead of the ${expected}.`));
}

function wrongIdentity(wanted: string, found: string | null): AppError {
  return new AppError(
    'verify_failed',
    msg(
      str`The unit says it is ${found ?? msg('nobody')}, not ${wanted}: its identity was not read.`,
    ),
  );
}
