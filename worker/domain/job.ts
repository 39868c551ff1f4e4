/**
 * The jobs that run by the clock: every five minutes sums to Supabase, retention, expired commands
 * and alerts; every hour the mail. Each task runs even if another failed, and the run is remembered
 * with what it did; then a mail reports what is wrong. Knows no HTTP, no SQL, no platform.
 */
import type { CronReport } from '../../shared/contracts/portal.ts';
import type { AppError } from '../../shared/errors.ts';
import { carryOutErasures, type ErasureStore, type PlaceKeeper } from './erasure.ts';
import { asFailure } from './failure.ts';
import { type Alive, reviewIncidents, type WatchPorts } from './incident.ts';
import { mailNotices, type NoticeStore } from './notice.ts';
import { type DismissalPorts, propagateDismissals } from './person.ts';
import { purgeOld, type RetentionStore, type RetentionTimes } from './retention.ts';
import { mailAlerts, reviewAlerts, type SilenceStore } from './silence.ts';
import { type SyncPorts, syncAll } from './sync.ts';
import type { MovesReport } from './unit-moves.ts';
import { mailWeeks, type WeekMailJobPorts } from './week-mail.ts';

export type JobName = 'five_minutes' | 'hourly';
/** As wrangler.toml has them; a test holds both against each other. */
export const CRONS: Record<string, JobName> = {
  '*/5 * * * *': 'five_minutes',
  '7 * * * *': 'hourly',
};

/** How a job went, last time. */
export interface JobRun {
  job: JobName;
  started_ms: number;
  took_ms: number;
  ok: boolean;
  /** What each task reports, or the code and message of its failure. */
  report: Record<string, unknown>;
}

export interface JobStore {
  remember(run: JobRun): Promise<void>;
  lastRuns(): Promise<JobRun[]>;
}

/** Ends commands that nobody fetched in time; says how many. */
export interface CommandExpiry {
  expire(nowS: number): Promise<number>;
}

/** What the jobs work with. */
export interface JobPorts extends DismissalPorts, SyncPorts, WatchPorts, WeekMailJobPorts {
  alive: Alive;
  retention: RetentionStore;
  retentionTimes: RetentionTimes;
  commandExpiry: CommandExpiry;
  silence: SilenceStore;
  notices: NoticeStore;
  erasures: ErasureStore;
  /** Everybody who may have something of a place. */
  placeKeeper: PlaceKeeper;
  /** Tells shards what they do not know yet of their units; says of how many. */
  unitsChanged(): Promise<number>;
  /** Brings into the registry what units did in their shards; says of how many. */
  newsOfUnits(): Promise<number>;
  /** Brings units to their shards that others still have something of. */
  unitsMoved(): Promise<MovesReport>;
  /** Brings sums of before to the shards of their places; says of how many days. */
  sumsMoved(): Promise<number>;
  now(): number;
}

type Tasks = Record<string, () => Promise<unknown>>;

function tasksOf(ports: JobPorts, job: JobName): Tasks {
  const now = () => ports.now();
  if (job === 'hourly')
    return {
      silence: () => mailAlerts(ports.silence, ports.mailer, now()),
      weeks: () => mailWeeks(ports, now()),
      // Reads a row of each unit for each kind of row: too much for every five minutes.
      retention: () => purgeOld(ports.retention, ports.retentionTimes, now()),
    };
  return {
    shards: async () => {
      const units = await ports.unitsChanged();
      const news = await ports.newsOfUnits();
      const moves = await ports.unitsMoved();
      return { units, news, ...moves, days: await ports.sumsMoved() };
    },
    sync: () => syncAll(ports, now()),
    commands: async () => ({
      expired: await ports.commandExpiry.expire(Math.floor(now() / 1000)),
    }),
    alerts: () => reviewAlerts(ports.silence, now()),
    dismissals: () => propagateDismissals(ports),
    erasures: () => carryOutErasures(ports.erasures, ports.placeKeeper),
    notices: () => mailNotices(ports.notices, ports.mailer, now()),
  };
}

/**
 * Runs a job to its end and remembers how it went; one that it cannot remember is not well.
 * @returns the run, and the failures of its tasks in order
 */
export async function runJob(
  ports: JobPorts,
  job: JobName,
): Promise<{ run: JobRun; failures: AppError[] }> {
  const started_ms = ports.now();
  const report: Record<string, unknown> = {};
  const failures: AppError[] = [];
  const attempt = async (name: string, task: () => Promise<unknown>) => {
    try {
      report[name] = await task();
    } catch (failure) {
      const error = asFailure(failure);
      failures.push(error);
      report[name] = { failed: error.code };
    }
  };
  const remember = async () => {
    const took_ms = Math.max(0, ports.now() - started_ms);
    const run = { job, started_ms, took_ms, ok: failures.length === 0, report };
    try {
      await ports.jobs.remember(run);
      return run;
    } catch (failure) {
      failures.push(asFailure(failure));
      return { ...run, ok: false };
    }
  };
  for (const [name, task] of Object.entries(tasksOf(ports, job))) await attempt(name, task);
  // The review reads what the store remembers, this run included.
  await remember();
  await attempt('incidents', () => reviewIncidents(ports));
  // Only a run without a failure is alive: a watcher outside then sees what no mail could report.
  if (job === 'five_minutes' && failures.length === 0) await attempt('alive', ports.alive.ping);
  return { run: await remember(), failures };
}

/** What the sync of a five-minute run did. @throws the run's first failure */
export async function runFiveMinutes(ports: JobPorts): Promise<CronReport> {
  const { run, failures } = await runJob(ports, 'five_minutes');
  if (failures[0]) throw failures[0];
  return run.report.sync as CronReport;
}
