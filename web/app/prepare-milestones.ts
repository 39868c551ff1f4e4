/**
 * The end of a preparation: wait until the backend has heard the unit, and judge what its modem
 * receives. Knows no port; the unit is heard through its console only.
 */
import { msg, str } from '@lit/localize';
import { signalGrade } from '../../shared/at/signal.ts';
import type { ConsoleItem } from '../../shared/console/records.ts';
import type { UnitStatus } from '../../shared/contracts/portal.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { orCancelled, throwIfCancelled } from './cancel.ts';
import type { TimeSource, UnitsPortal } from './ports.ts';
import { orNull } from './prepare-confirm.ts';
import { emptyAdvice } from './prepare-outcome.ts';
import { signalWords } from './signal-words.ts';
import type { StageContext, StageReporter } from './stage-tracker.ts';
import type { Unit } from './unit.ts';

/** Registration of the modem may take five minutes, and the first post a minute more. */
const HEARTBEAT_MS = 7 * 60_000;
/** A reading is due at the end of a five-minute period, if nothing asks for it earlier. */
const READING_MS = 7 * 60_000;
const POLL_MS_MIN = 1000;
const POLL_MS_MAX = 5000;
/** One look and the wait after it take less, unless this device was asleep: that is no waiting. */
const LOOK_MS_MAX = 30_000;

/** What the backend is to have seen. */
export type Milestone = 'heartbeat' | 'reading';

/** How a wait ended. */
interface Found {
  /** By the backend; false when it could not be reached for so long. */
  seen: boolean;
  /** What the unit's newest reading held, if it has reported one meanwhile. */
  reading: { impressions: number } | null;
}

/**
 * Waits until the backend has seen the milestone of this unit; its own console events hurry the
 * next look and explain what is missing. A backend that cannot be reached ends as a warning: the
 * unit keeps what it has.
 * @throws AppError `unit_silent` when the backend is there but has heard nothing; `port_lost`,
 * `cancelled`
 */
export async function awaitMilestone(
  milestone: Milestone,
  { unit, portal, time }: { unit: Unit; portal: UnitsPortal; time: TimeSource },
  who: { deviceId: string; mac: string },
  { reporter, signal }: StageContext,
): Promise<Found> {
  const watch = new EventWatch(unit, milestone);
  const limit = milestone === 'heartbeat' ? HEARTBEAT_MS : READING_MS;
  let [waited, looked, wait] = [0, time.now(), POLL_MS_MIN];
  try {
    for (;;) {
      const status = await orNull(orCancelled(portal.unitStatus(who.deviceId, signal), signal));
      const seenAt = milestoneOf(status, milestone, who.mac);
      if (seenAt) {
        reportSeen(milestone, watch.reading, reporter);
        return { seen: true, reading: watch.reading };
      }
      reporter.update({ detail: waitingText(status !== null, milestone, watch.lastPost) });
      const now = time.now();
      waited += Math.min(now - looked, LOOK_MS_MAX);
      looked = now;
      if (waited >= limit) {
        if (status === null) {
          reporter.warn(unreachableText(watch.queue));
          return { seen: false, reading: watch.reading };
        }
        throw notSeen(milestone, watch.lastPost);
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
  /** How the unit's last post went, as a sentence; empty before. */
  lastPost = '';
  queue = 0;
  /** What the newest reading held. */
  reading: { impressions: number } | null = null;
  readonly stop: () => void;
  #wake = () => {};

  constructor(unit: Unit, milestone: Milestone) {
    // The unit may have reported it before its heartbeat arrived.
    this.reading = unit.state.value.readings.at(-1) ?? null;
    this.stop = unit.listen((item) => this.#onItem(item, milestone));
  }

  /** Waits `ms`, or less when the unit says that its post got through. */
  async sleep(ms: number, time: TimeSource, signal: AbortSignal): Promise<void> {
    const early = new Promise<void>((resolve) => {
      this.#wake = resolve;
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

  #onItem(item: ConsoleItem, milestone: Milestone): void {
    if (item.kind !== 'event') return;
    const { event } = item;
    if (event.ev === 'reading') {
      this.queue = event.queue;
      this.reading = { impressions: event.impressions };
    }
    if (event.ev !== milestone) return;
    this.lastPost = postText(event.ok, event.status);
    if (event.ok) this.#wake();
  }
}

/** Another chip may have had this id: what the backend saw of that one is nothing of ours. */
function milestoneOf(status: UnitStatus | null, milestone: Milestone, mac: string) {
  if (status?.mac !== mac) return null;
  return milestone === 'heartbeat' ? status.first_heartbeat_at : status.first_reading_at;
}

function postText(ok: boolean, status: number): string {
  if (ok) return msg('The unit says it was accepted.');
  if (status === 0) return msg('The unit got no answer and tries again.');
  if (status === 401) return msg('The server did not accept the unit’s key (401).');
  return msg(str`The server answered the unit with ${status}.`);
}

function waitingText(reachable: boolean, milestone: Milestone, lastPost: string): string {
  if (!reachable) return unreachableText(0);
  const waiting =
    milestone === 'heartbeat'
      ? msg('Waiting for its first sign of life.')
      : msg('Waiting for its first reading.');
  return `${waiting} ${lastPost}`.trim();
}

function unreachableText(queue: number): string {
  return queue > 0
    ? msg(
        str`The server cannot be reached. The unit keeps its readings (${queue} waiting) and sends them later.`,
      )
    : msg('The server cannot be reached. The unit keeps its readings and sends them later.');
}

function notSeen(milestone: Milestone, lastPost: string): AppError {
  const missing =
    milestone === 'heartbeat'
      ? msg('The server has not heard from this unit.')
      : msg('The server has not received a reading of this unit.');
  return new AppError('unit_silent', `${missing} ${lastPost}`.trim(), {
    hint: msg('Leave the unit plugged in near a window for a few minutes, then press Try again.'),
  });
}

function reportSeen(
  milestone: Milestone,
  reading: { impressions: number } | null,
  reporter: StageReporter,
): void {
  const empty = milestone === 'reading' && reading?.impressions === 0;
  if (empty) reporter.warn(`${msg('The server has it, but it holds nobody.')} ${emptyAdvice()}`);
  else reporter.update({ detail: msg('The server has it.') });
}

/** A modem has measured within seconds; one that is still searching may take minutes. */
const SIGNAL_MS = 60_000;
const SIGNAL_EVERY_MS = 2000;

/**
 * What the unit's modem receives, judged in words; weak is a warning, never a failure: whoever
 * stands there knows whether there is a better place.
 * @returns dBm, or null when the unit does not tell it within a minute
 * @throws AppError `port_lost`, `cancelled`
 */
export async function checkSignal(
  unit: Unit,
  time: TimeSource,
  reporter: StageReporter,
  signal: AbortSignal,
): Promise<number | null> {
  const deadline = time.now() + SIGNAL_MS;
  for (;;) {
    const dbm = await signalOf(unit);
    throwIfCancelled(signal);
    if (dbm !== null) {
      const words = msg(str`The signal is ${signalWords(dbm)}.`);
      const grade = signalGrade(dbm);
      if (grade === 'good' || grade === 'fair') reporter.update({ detail: words });
      else reporter.warn(`${words} ${msg('Try nearer to a window or higher up.')}`);
      return dbm;
    }
    if (time.now() >= deadline) {
      reporter.warn(msg('The unit has not told its signal yet.'));
      return null;
    }
    reporter.update({ detail: msg('Waiting until the modem has measured.') });
    await time.sleep(SIGNAL_EVERY_MS, signal);
  }
}

/** null while the unit does not know it, or does not say. */
async function signalOf(unit: Unit): Promise<number | null> {
  try {
    await unit.refreshStatus();
    return unit.state.value.status?.rssi_dbm ?? null;
  } catch (cause) {
    const error = toAppError(cause);
    if (error.code !== 'unit_silent' && error.code !== 'unit_refused') throw error;
    return null;
  }
}
