/**
 * What is wrong with the service as a whole: a job that failed or is late, sums that do not get
 * through, units that fell silent together. Every run of a job looks for it, and a mail
 * reports its beginning and its end. Knows no HTTP and no SQL.
 */

import { sha256Hex } from '../../shared/hash.ts';
import { minuteUtc } from '../../shared/time.ts';
import type { JobName, JobRun, JobStore } from './job.ts';
import { asLine, type Mail, type Mailer } from './mail.ts';
import type { StatusStore } from './status.ts';
import { type PlaceSync, syncedS } from './sync.ts';

/** Something wrong now. The same key is the same trouble, however its words change. */
export interface Problem {
  key: string;
  /** One sentence, without anything secret. */
  detail: string;
}

export interface Incident extends Problem {
  started_s: number;
  ended_s: number | null;
}

/** Below, a modem’s bad quarter of an hour would count; above, the mail comes after thirty. */
export const LATE_MIN_S = 20 * 60;

/** How many units report: those in time, and those that did and are overdue. */
export interface Pulse {
  reporting: number;
  late: number;
}

export interface IncidentStore {
  /** Of the active units that were in time at `sinceS` or since; each by its own interval. */
  pulse(sinceS: number, nowS: number): Promise<Pulse>;
  /** Opens what is new, takes up what has come back, ends the others. */
  set(problems: readonly Problem[], nowS: number): Promise<void>;
  /** Those whose end no mail has reported, in a fixed order. */
  live(): Promise<(Incident & { mailed_s: number | null })[]>;
  /** Marks what the mail said of each: its start, and the end where it had one by then. */
  markMailed(incidents: readonly Incident[], nowS: number): Promise<void>;
}

/** Signals to somebody outside that a run got through; silence is what alarms there. */
export interface Alive {
  /** @throws AppError `unavailable` when nobody took it */
  ping(): Promise<void>;
}

export interface WatchPorts {
  jobs: JobStore;
  incidents: IncidentStore;
  status: StatusStore;
  places: PlaceSync;
  now(): number;
}

const MINUTE_S = 60;
/** A run may fall out or take its time; later than this, it is late. */
const LATE_AFTER_S: Record<JobName, number> = {
  five_minutes: 16 * MINUTE_S,
  hourly: 130 * MINUTE_S,
};
const NAMES: Record<JobName, string> = { five_minutes: 'five-minute', hourly: 'hourly' };
/** Supabase lags by five minutes as a rule. */
const SYNC_LATE_S = 30 * MINUTE_S;
/** Whoever was in time within this time should go on. */
const BASELINE_S = 120 * MINUTE_S;
/** Fewer can be one shop's power cut. */
const LATE_UNITS_MIN = 2;
/** What comes back within this time was not over. */
const OVER_AFTER_S = 30 * MINUTE_S;

/** All that is wrong now. */
async function findProblems(ports: WatchPorts): Promise<Problem[]> {
  const nowS = Math.floor(ports.now() / 1000);
  const { jobs, incidents } = ports;
  const [runs, synced_s, live] = await Promise.all([
    jobs.lastRuns(),
    syncedS(ports),
    incidents.live(),
  ]);
  // Whom it expected when it began, it expects until it is over.
  const since = live.find(({ key }) => key === 'fleet')?.started_s ?? nowS;
  const pulse = await incidents.pulse(since - BASELINE_S, nowS);
  const ofRuns = ofJobs(runs, nowS);
  // Where the job itself does not run, that is the trouble.
  const runsSync = runs.some(({ job }) => job === 'five_minutes');
  const isLate = ofRuns.some(({ key }) => key === 'late:five_minutes');
  const lag = runsSync && !isLate ? ofSync(synced_s, nowS) : [];
  return [...ofRuns, ...lag, ...ofFleet(pulse)];
}

function ofJobs(runs: readonly JobRun[], nowS: number): Problem[] {
  return runs.flatMap(({ job, started_ms, ok, report }) => {
    const found: Problem[] = [];
    const ageS = nowS - Math.floor(started_ms / 1000);
    if (ageS > LATE_AFTER_S[job]) {
      const detail = `The ${NAMES[job]} job is late: it ran ${minutes(ageS)} ago.`;
      found.push({ key: `late:${job}`, detail });
    }
    if (!ok) {
      const detail = `The ${NAMES[job]} job failed: ${failedTasks(report)}.`;
      found.push({ key: `failed:${job}`, detail });
    }
    return found;
  });
}

/** `sync (unavailable), notices (internal)` */
function failedTasks(report: Record<string, unknown>): string {
  const failed = Object.entries(report).flatMap(([task, said]) => {
    const code = (said as { failed?: string } | null)?.failed;
    return code === undefined ? [] : [`${task} (${code})`];
  });
  return failed.join(', ') || 'it does not say where';
}

function ofSync(synced_s: number | null, nowS: number): Problem[] {
  if (synced_s === null || nowS - synced_s <= SYNC_LATE_S) return [];
  const detail = `Supabase lacks what was counted in the last ${minutes(nowS - synced_s)}.`;
  return [{ key: 'sync', detail }];
}

function ofFleet({ reporting, late }: Pulse): Problem[] {
  if (late < LATE_UNITS_MIN || late < reporting) return [];
  const detail = `No word from ${late} of ${reporting + late} units that reported before.`;
  return [{ key: 'fleet', detail }];
}

const minutes = (seconds: number) => `${Math.round(seconds / MINUTE_S)} minutes`;

/**
 * One look with its consequences: incidents begin and end, and one mail reports what is new.
 * @throws AppError `unavailable` when nobody took the mail; the next run tries again
 */
export async function reviewIncidents(ports: WatchPorts & { mailer: Mailer }) {
  const nowS = Math.floor(ports.now() / 1000);
  const problems = await findProblems(ports);
  await ports.incidents.set(problems, nowS);
  const live = await ports.incidents.live();
  const begun = live.filter((i) => i.ended_s === null && i.mailed_s === null);
  const over = live.filter((i) => i.ended_s !== null && i.ended_s <= nowS - OVER_AFTER_S);
  const news = [...begun, ...over];
  if (news.length > 0) {
    await ports.mailer.send(await mailOf(begun, over));
    await ports.incidents.markMailed(news, nowS);
  }
  return { wrong: problems.length, told: news.length };
}

/** The same incidents make the same mail under the same key, at whatever time. */
async function mailOf(begun: readonly Incident[], over: readonly Incident[]): Promise<Mail> {
  const wrong = begun.map((i) => asLine(`- since ${minuteUtc(i.started_s)}: ${i.detail}`));
  const well = over.map((i) =>
    asLine(`- ${minuteUtc(i.started_s)} to ${minuteUtc(i.ended_s ?? 0)}: ${i.detail}`),
  );
  const parts = [
    wrong.length > 0 ? ['Wrong now:', ...wrong].join('\n') : '',
    well.length > 0 ? ['Over:', ...well].join('\n') : '',
  ];
  const key = [...begun, ...over].map((i) => [i.key, i.started_s, i.ended_s].join('/')).join();
  return {
    subject: begun.length > 0 ? `JamBench: ${alarm(begun)}` : 'JamBench: well again',
    text: parts.filter((part) => part !== '').join('\n\n'),
    idempotency_key: `incidents-${await sha256Hex(key, 16)}`,
  };
}

/** The one sentence, or how many there are: what a phone shows of a mail. */
const alarm = (begun: readonly Incident[]) =>
  begun.length === 1 ? asLine(begun[0]?.detail ?? '') : `${begun.length} things are wrong`;

/** What a monitor gets. Only a job can say that it is late; this sees that none ever ran. */
export async function monitorProblems(ports: WatchPorts): Promise<Problem[]> {
  const [problems, runs, live] = await Promise.all([
    findProblems(ports),
    ports.jobs.lastRuns(),
    ports.incidents.live(),
  ]);
  const nowS = Math.floor(ports.now() / 1000);
  const isUnmailed = live.some(
    ({ mailed_s, ended_s, started_s }) =>
      mailed_s === null && ended_s === null && nowS - started_s > OVER_AFTER_S,
  );
  return [
    ...problems,
    ...(runs.some(({ job }) => job === 'five_minutes')
      ? []
      : [{ key: 'never', detail: 'The five-minute job has never run.' }]),
    ...(isUnmailed ? [{ key: 'mail', detail: 'Mails about what is wrong do not get out.' }] : []),
  ];
}
