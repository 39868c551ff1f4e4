/**
 * Units that fell silent, and units that are back: alerts open and end for them, and one mail has
 * all that is new. A mail reports each silence once and its end once; the next run tries a mail
 * again that could not be handed over. Knows no HTTP and no SQL.
 */

import { sha256Hex } from '../../shared/hash.ts';
import { SILENT_AFTER_S } from '../../shared/metrics/unit-state.ts';
import { minuteUtc } from '../../shared/time.ts';
import type { AlertId } from './alert.ts';
import { asLine, type Mail, type Mailer } from './mail.ts';

/** An alert that no mail has reported yet, with its unit's name and place. */
export interface UnmailedAlert extends AlertId {
  name: string | null;
  location_name: string | null;
  detail: string;
  ended_s: number | null;
  mailed_s: number | null;
}

export interface SilenceStore {
  /**
   * Opens an alert for each active unit that was heard of once and not since `beforeS`, and for
   * each unit flagged as anomalous or with a receiver that does not listen; ends those whose cause
   * is gone.
   */
  review(beforeS: number, nowS: number): Promise<{ opened: number; ended: number }>;
  /** In a fixed order. Alerts that ended before any mail reported them are not among them. */
  unmailed(limit: number): Promise<UnmailedAlert[]>;
  /**
   * Marks the start, or where it has ended the end, as mailed; not that of an alert which has got
   * another detail since. Keeps that the mail went out, and to whom.
   */
  markMailed(alerts: readonly UnmailedAlert[], nowS: number, recipients: string): Promise<void>;
}

export interface SilenceReport {
  opened: number;
  ended: number;
  /** Alerts mailed; the name that the status route has. */
  told: number;
}

/** Lines in one mail; the rest comes an hour later. */
const MAIL_ALERTS_MAX = 200;

/** Opens and ends alerts, without mail: also part of the five-minute job. */
export function reviewAlerts(store: SilenceStore, nowMs: number) {
  const nowS = Math.floor(nowMs / 1000);
  return store.review(nowS - SILENT_AFTER_S, nowS);
}

/** One run of the hourly job. @throws AppError `unavailable` when nobody took the mail */
export async function mailAlerts(
  store: SilenceStore,
  mailer: Mailer,
  nowMs: number,
): Promise<SilenceReport> {
  const nowS = Math.floor(nowMs / 1000);
  const reviewed = await reviewAlerts(store, nowMs);
  const unmailed = await store.unmailed(MAIL_ALERTS_MAX);
  if (unmailed.length > 0) {
    await mailer.send(await mailOf(unmailed));
    await store.markMailed(unmailed, nowS, mailer.to ?? '');
  }
  return { ...reviewed, told: unmailed.length };
}

/** The same alerts make the same mail under the same key, at whatever time. */
async function mailOf(alerts: readonly UnmailedAlert[]): Promise<Mail> {
  const back = alerts.filter((a) => a.ended_s !== null);
  const silent = alerts.filter((a) => a.ended_s === null && a.kind === 'silent');
  const odd = alerts.filter((a) => a.ended_s === null && a.kind === 'anomaly');
  const renewed = alerts.filter((a) => a.ended_s === null && a.kind === 'credential');
  const deaf = alerts.filter((a) => a.ended_s === null && a.kind === 'radio');
  const parts = [
    section('Silent for a day or more', silent, (a) => `nothing since ${minuteUtc(a.started_s)}`),
    section('To be looked at', odd, (a) => `since ${minuteUtc(a.started_s)}: ${a.detail}`),
    section('With a broken receiver', deaf, (a) => `since ${minuteUtc(a.started_s)}: ${a.detail}`),
    section('Given a new token', renewed, (a) => `${minuteUtc(a.started_s)} by ${a.detail}`),
    section('Well again', back, (a) => `since ${minuteUtc(a.ended_s ?? 0)}`),
  ];
  const counts = [
    count(silent.length, 'silent'),
    count(odd.length, 'anomalous'),
    count(deaf.length, 'with a broken receiver'),
    count(renewed.length, 'with a new token'),
    count(back.length, 'well again'),
  ];
  const key = alerts
    .map((a) => [a.device_id, a.kind, a.started_s, a.ended_s, a.detail].join('/'))
    .join();
  const subject = `JamBox units: ${counts.filter((c) => c !== '').join(', ')}`;
  const text = parts.filter((part) => part !== '').join('\n\n');
  return {
    subject,
    text,
    // With the words: the mail service refuses a known key with others (a unit renamed meanwhile).
    idempotency_key: `alerts-${await sha256Hex(`${key}\n${text}`, 16)}`,
  };
}

function section(
  title: string,
  alerts: readonly UnmailedAlert[],
  when: (alert: UnmailedAlert) => string,
): string {
  if (alerts.length === 0) return '';
  const line = (a: UnmailedAlert) => {
    const where = [a.name, a.location_name].filter((words) => words !== null).join(', ');
    return asLine(`- ${a.device_id}${where ? ` (${where})` : ''}: ${when(a)}`);
  };
  return [`${title}:`, ...alerts.map(line)].join('\n');
}

const count = (n: number, word: string) => (n === 0 ? '' : `${n} ${word}`);
