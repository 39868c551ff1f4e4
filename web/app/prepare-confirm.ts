/**
 * The backend's side of a preparation: is the id free, register the token's hash or keep it for
 * later, wait until the backend has heard the unit. Knows no port; the unit is heard through its
 * console events only.
 */
import type { ConsoleItem } from '../../shared/console/records.ts';
import { DEVICE_ID_PATTERN } from '../../shared/contracts/common.ts';
import type { RegisterRequest, UnitStatus } from '../../shared/contracts/portal.ts';
import { AppError, type ErrorCode, toAppError } from '../../shared/errors.ts';
import { outcomeOf } from '../../shared/outcome.ts';
import { orCancelled } from './cancel.ts';
import type { Backend, Outbox, TimeSource } from './ports.ts';
import type { PrepareOptions } from './prepare-state.ts';
import type { StageVoice } from './stage-board.ts';
import type { Unit } from './unit.ts';

/** Registration of the modem may take five minutes, and the first post a minute more. */
const HEARTBEAT_MS = 7 * 60_000;
/** A reading is due at the end of a five-minute period, if nothing asks for it earlier. */
const READING_MS = 7 * 60_000;
const POLL_MS_MIN = 1000;
const POLL_MS_MAX = 5000;

/** @throws AppError `invalid` */
export function checkDeviceId(deviceId: string): void {
  if (DEVICE_ID_PATTERN.test(deviceId)) return;
  throw new AppError('invalid', `“${deviceId}” is no device id.`, {
    hint: 'A device id is JBNB and four digits, like JBNB0042.',
  });
}

/**
 * Whether `options.deviceId` may become the id of the chip with `mac`.
 * @returns what the backend knows, or null when it cannot be reached
 * @throws AppError `conflict` when another unit has it and `replace` is not set; `unauthenticated`,
 * `forbidden`
 */
export async function checkIdIsFree(
  backend: Backend,
  outbox: Outbox,
  options: PrepareOptions,
  mac: string,
  signal: AbortSignal,
): Promise<UnitStatus | null> {
  const waiting = (await outbox.list()).find((e) => e.request.device_id === options.deviceId);
  if (waiting && waiting.request.mac !== mac && !options.replace) {
    throw taken(options.deviceId, 'was given to another unit on this computer');
  }
  const status = await orNull(orCancelled(backend.unitStatus(options.deviceId, signal), signal));
  if (status?.registered && status.mac !== mac && !options.replace) {
    throw taken(options.deviceId, 'is registered for another unit');
  }
  return status;
}

/**
 * Makes the token's hash known. It is kept in the outbox before it is sent: the unit holds the
 * token by now, so a page closed in the middle must not take the only copy of its hash along.
 * @returns true when it still waits in the outbox
 * @throws AppError `conflict`, `forbidden`, … in words that say what the unit holds now
 */
export async function register(
  backend: Backend,
  outbox: Outbox,
  request: RegisterRequest,
  voice: StageVoice,
  signal: AbortSignal,
): Promise<boolean> {
  await outbox.add(request);
  try {
    await orCancelled(backend.register(request, signal), signal);
  } catch (cause) {
    const error = toAppError(cause, 'unavailable');
    if (error.code === 'cancelled' || error.code === 'port_lost') throw error;
    if (outcomeOf(error.code) !== 'give_up') {
      voice.warn(waitsWords(error));
      return true;
    }
    await refuse(outbox, request, error);
    throw error.code === 'conflict' ? refusedAfterWriting(request.device_id, error) : error;
  }
  await forget(outbox, request);
  return false;
}

/** What the backend refused for good stays, and is shown: the unit holds this token. */
async function refuse(outbox: Outbox, request: RegisterRequest, error: AppError): Promise<void> {
  for (const entry of await outbox.list()) {
    if (entry.request.token_sha256 !== request.token_sha256) continue;
    await outbox.refuse(entry.id, error.message);
  }
}

/** Takes this very registration out of the outbox; a newer one of the same unit stays. */
async function forget(outbox: Outbox, request: RegisterRequest): Promise<void> {
  for (const entry of await outbox.list()) {
    if (entry.request.token_sha256 === request.token_sha256) await outbox.remove(entry.id);
  }
}

const WAITS: Partial<Record<ErrorCode, string>> = {
  unavailable: 'The backend cannot be reached',
  unauthenticated: 'Nobody is signed in',
  rate_limited: 'The backend asks for a pause',
  forbidden: 'Whoever is signed in may not register units',
};

function waitsWords(error: AppError): string {
  const why = WAITS[error.code] ?? 'The backend had a problem of its own';
  return (
    `${why}. The registration waits on this computer and is sent by itself later; until then ` +
    'the unit keeps its readings.'
  );
}

/** What the backend is to have seen. */
export type Milestone = 'heartbeat' | 'reading';

/**
 * Waits until the backend has seen the milestone of this unit; its own console events hurry the
 * next look and explain what is missing. A backend that cannot be reached ends as a warning: the
 * unit keeps what it has.
 * @throws AppError `unit_silent` when the backend is there but has heard nothing; `port_lost`,
 * `cancelled`
 */
export async function awaitMilestone(
  milestone: Milestone,
  unit: Unit,
  backend: Backend,
  time: TimeSource,
  deviceId: string,
  voice: StageVoice,
  signal: AbortSignal,
): Promise<void> {
  const watch = new EventWatch(unit, milestone);
  const deadline = time.now() + (milestone === 'heartbeat' ? HEARTBEAT_MS : READING_MS);
  let wait = POLL_MS_MIN;
  try {
    for (;;) {
      const status = await orNull(orCancelled(backend.unitStatus(deviceId, signal), signal));
      const seenAt = milestoneOf(status, milestone);
      if (seenAt) return voice.update({ detail: 'Seen by the backend.' });
      voice.update({ detail: waitingWords(status !== null, milestone, watch.said) });
      if (time.now() >= deadline) {
        if (status === null) return voice.warn(unreachableWords(watch.queue));
        throw notHeard(milestone, watch.said);
      }
      await watch.sleep(wait, time, signal);
      wait = Math.min(wait * 1.5, POLL_MS_MAX);
    }
  } finally {
    watch.stop();
  }
}

/** What the unit itself says about its posts. */
class EventWatch {
  said = '';
  queue = 0;
  readonly stop: () => void;
  #hurry = () => {};

  constructor(unit: Unit, milestone: Milestone) {
    this.stop = unit.listen((item) => this.#hear(item, milestone));
  }

  /** Waits `ms`, or less when the unit says that its post got through. */
  async sleep(ms: number, time: TimeSource, signal: AbortSignal): Promise<void> {
    const early = new Promise<void>((resolve) => {
      this.#hurry = resolve;
    });
    const stop = new AbortController();
    const slept = time.sleep(ms, AbortSignal.any([signal, stop.signal]));
    try {
      await Promise.race([slept, early]);
    } finally {
      stop.abort();
      slept.catch(() => undefined); // stopped by the line above
    }
  }

  #hear(item: ConsoleItem, milestone: Milestone): void {
    if (item.kind !== 'event') return;
    const { event } = item;
    if (event.ev === 'reading') this.queue = event.queue;
    if (event.ev !== milestone) return;
    this.said = postWords(event.ok, event.status);
    if (event.ok) this.#hurry();
  }
}

function milestoneOf(status: UnitStatus | null, milestone: Milestone): string | null {
  if (!status) return null;
  return milestone === 'heartbeat' ? status.first_heartbeat_at : status.first_reading_at;
}

function postWords(ok: boolean, status: number): string {
  if (ok) return 'The unit says it was accepted.';
  if (status === 0) return 'The unit got no answer and tries again.';
  if (status === 401) return 'The backend did not accept the unit’s token (401).';
  return `The backend answered the unit with ${status}.`;
}

function waitingWords(reachable: boolean, milestone: Milestone, said: string): string {
  if (!reachable) return unreachableWords(0);
  return `Waiting for the first ${milestone}. ${said}`.trim();
}

function unreachableWords(queue: number): string {
  const kept = queue > 0 ? ` (${queue} waiting)` : '';
  return `The backend cannot be reached. The unit keeps its readings${kept} and sends them later.`;
}

function notHeard(milestone: Milestone, said: string): AppError {
  return new AppError(
    'unit_silent',
    `The backend has not seen a ${milestone} of this unit. ${said}`.trim(),
    { hint: 'Leave the unit plugged in near a window for a few minutes, then press Try again.' },
  );
}

function taken(deviceId: string, how: string): AppError {
  return new AppError('conflict', `${deviceId} ${how}. Nothing was written.`, {
    hint: 'Choose another id, or replace the other unit on purpose.',
  });
}

function refusedAfterWriting(deviceId: string, cause: AppError): AppError {
  return new AppError(
    'conflict',
    `The unit now holds a token for ${deviceId}, but the backend refused it: the id belongs to ` +
      'another unit. Its posts will not be accepted.',
    { hint: 'Choose another id, or replace the other unit; both prepare this one anew.', cause },
  );
}

/** null when the backend cannot be reached; other errors stay errors. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (cause) {
    const error = toAppError(cause, 'unavailable');
    if (error.code === 'unavailable') return null;
    throw error;
  }
}
