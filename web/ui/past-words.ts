/**
 * A sensor's past in words: what each chart asks and answers, what happened and when, the numbers
 * as a table. What a unit says of itself is text. Pure templates.
 */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { UnitHistory } from '../../shared/contracts/history.ts';
import { DEFAULT_INTERVAL_S, LATE_AFTER_REPORTS } from '../../shared/metrics/unit-state.ts';
import type { LinePoints } from '../app/lttb.ts';
import { activityLine, lineOf, type PastRow, pastRows, type Sign } from '../app/past-series.ts';
import type { KnownPast } from '../app/sensor-past.ts';
import type { LineMark, LineSpan } from './elements/chart-line.ts';
import { dates, dateTime, figure, localeOf, plural, span } from './format.ts';
import { adviceOn, kilobytes, memoryLine, memoryWords, reasonWords } from './health-words.ts';
import { alertWord } from './sensor-words.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** One question with its line. */
export interface Chart {
  title: string;
  help: string;
  unit: string;
  /** Made when it is drawn. */
  points: () => LinePoints;
  /** Milliseconds. */
  gap: number;
  fromZero: boolean;
  /** The answer in a sentence; empty where nothing is known. */
  summary: string;
}

interface Lines {
  rows: readonly PastRow[];
  hasFigures: boolean;
  isHours: boolean;
  activity: () => LinePoints;
  line: (sign: Sign) => () => LinePoints;
  gap: number;
  /** Newest first. */
  beats: UnitHistory['heartbeats'];
}

/** Two days and a half: a sensor may say so little as once a day (device API). */
const BEATS_GAP_MS = 2.5 * DAY_MS;

/** `−84 dBm`. */
export const dbm = (n: number) => {
  const rounded = Math.round(n);
  return `${rounded < 0 ? '−' : ''}${figure(Math.abs(rounded))} dBm`;
};

/** What is drawn of a span. */
export interface Picture {
  rows: PastRow[];
  charts: Chart[];
}

/** @param intervalS between two reports of the sensor */
export function pictureOf(known: KnownPast, timeZone: string, intervalS: number): Picture {
  const { readings, heartbeats: beats } = known.history;
  const rows = pastRows(known.history, shownSpan(known), timeZone);
  const hasFigures = readings.visits !== undefined;
  const charts = chartsOf({
    rows,
    beats,
    hasFigures,
    isHours: isByHour(rows),
    activity: () => activityLine(rows, hasFigures),
    line: (sign) => () => lineOf(readings, sign),
    gap: LATE_AFTER_REPORTS * Math.max(DEFAULT_INTERVAL_S, intervalS) * 1000,
  });
  return { rows, charts };
}

const isByHour = ([first]: readonly PastRow[]) =>
  first !== undefined && first.endMs - first.startMs <= HOUR_MS;

/** A long span begins with the first thing that is kept. */
export function shownSpan({ fromMs, untilMs, history }: KnownPast): LineSpan {
  const firstMs = history.first_at === null ? fromMs : Date.parse(history.first_at);
  const isLong = untilMs - fromMs > 40 * DAY_MS;
  return { fromMs: isLong ? Math.max(fromMs, firstMs) : fromMs, untilMs };
}

const most = (rows: readonly PastRow[], of: (row: PastRow) => number | null) =>
  rows.reduce<number | null>((top, row) => {
    const n = of(row);
    return n === null ? top : Math.max(top ?? n, n);
  }, null);
const sum = (rows: readonly PastRow[], of: (row: PastRow) => number | null) =>
  rows.reduce<number | null>((all, row) => {
    const n = of(row);
    return n === null ? all : (all ?? 0) + n;
  }, null);

function chartsOf(lines: Lines): Chart[] {
  return [
    ...[activity(lines), signal(lines), waiting(lines), failures(lines), dropped(lines)],
    memory(lines),
  ];
}

function activity({ rows, hasFigures, isHours, activity: points }: Lines): Chart {
  const gap = 1.5 * (isHours ? HOUR_MS : DAY_MS);
  const common = { points, gap, fromZero: true };
  const came = sum(rows, ({ readings }) => readings) ?? 0;
  const readings = plural(came, {
    one: msg(str`${figure(came)} reading came.`),
    other: msg(str`${figure(came)} readings came.`),
  });
  if (!hasFigures) {
    const help = isHours ? msg('Readings by hour') : msg('Readings by day');
    const title = msg('Does it report?');
    return { ...common, title, help, unit: msg('readings'), summary: came > 0 ? readings : '' };
  }
  const visits = sum(rows, (row) => row.visits);
  const summary =
    visits === null
      ? ''
      : `${plural(visits, {
          one: msg(str`${figure(visits)} visit was counted.`),
          other: msg(str`${figure(visits)} visits were counted.`),
        })} ${readings}`;
  const help = isHours ? msg('Visits by hour') : msg('Visits by day');
  return { ...common, title: msg('What does it count?'), help, unit: msg('visits'), summary };
}

function signal({ rows, line, gap }: Lines): Chart {
  const known = rows.flatMap((row) => row.signal ?? []);
  const [least, top] = [
    Math.min(...known.map((one) => one.least)),
    Math.max(...known.map((one) => one.most)),
  ];
  return {
    title: msg('How well is it connected?'),
    help: msg('Mobile signal in dBm; nearer to zero is stronger'),
    unit: 'dBm',
    points: line('cell_rssi_dbm'),
    gap,
    fromZero: false,
    summary: known.length === 0 ? '' : msg(str`Between ${dbm(least)} and ${dbm(top)}.`),
  };
}

function waiting({ rows, line, gap }: Lines): Chart {
  const top = most(rows, (row) => row.waiting);
  const words = (n: number) =>
    plural(n, {
      one: msg(str`At most ${figure(n)} reading waited.`),
      other: msg(str`At most ${figure(n)} readings waited.`),
    });
  return {
    title: msg('Does anything wait on it?'),
    help: msg('Readings in its memory that were not sent yet'),
    unit: msg('readings waiting'),
    points: line('cd'),
    gap,
    fromZero: true,
    summary: top === null ? '' : top === 0 ? msg('Nothing waited.') : words(top),
  };
}

function failures({ rows, line, gap }: Lines): Chart {
  const top = most(rows, (row) => row.failures);
  const words = (n: number) =>
    plural(n, {
      one: msg(str`At most ${figure(n)} failed try in a row.`),
      other: msg(str`At most ${figure(n)} failed tries in a row.`),
    });
  return {
    title: msg('Does sending fail?'),
    help: msg('Failed tries in a row before a reading arrived'),
    unit: msg('failed tries'),
    points: line('sf'),
    gap,
    fromZero: true,
    summary: top === null ? '' : top === 0 ? msg('None failed.') : words(top),
  };
}

function dropped({ rows, line, gap }: Lines): Chart {
  const all = sum(rows, (row) => row.dropped);
  const words = (n: number) =>
    plural(n, {
      one: msg(str`${figure(n)} phone was left out.`),
      other: msg(str`${figure(n)} phones were left out.`),
    });
  return {
    title: msg('Is its memory large enough?'),
    help: msg('Phones left out because its table was full'),
    unit: msg('phones left out'),
    points: line('of'),
    gap,
    fromZero: true,
    summary: all === null ? '' : all === 0 ? msg('None was left out.') : words(all),
  };
}

function memory({ beats }: Lines): Chart {
  return {
    title: msg('How much memory is free?'),
    help: msg('In kilobytes, as it says about once a day; a line that falls on and on is a fault'),
    unit: 'KB',
    points: () => memoryLine(beats),
    gap: BEATS_GAP_MS,
    fromZero: true,
    summary: memoryWords(beats),
  };
}

interface Happening extends LineMark {
  words: TemplateResult;
}

function happenings({ history, alerts, fromMs, untilMs }: KnownPast): Happening[] {
  const all: Happening[] = [
    ...history.restarts.map(({ at, ran_s, reason }) => {
      const anew = msg(str`Started anew, after it had run for ${span(ran_s * 1000)}`);
      const words = html`${anew}${reason ? `. ${reasonWords(reason)}.` : nothing}`;
      return { at: Date.parse(at), kind: 'restart' as const, words };
    }),
    ...history.firmware.flatMap(({ version, since }) => {
      if (since === null) return [];
      const words = html`${msg('First heard with firmware')} <bdi>${version}</bdi>`;
      return [{ at: Date.parse(since), kind: 'firmware' as const, words }];
    }),
    ...alerts.map(({ kind, started_at, ended_at }) => {
      const took = ended_at === null ? null : Date.parse(ended_at) - Date.parse(started_at);
      const word = alertWord(kind);
      const words =
        took === null ? msg(str`${word}; it still is so`) : msg(str`${word}, for ${span(took)}`);
      return { at: Date.parse(started_at), kind: 'alert' as const, words: html`${words}` };
    }),
  ];
  return all.filter(({ at }) => at >= fromMs && at < untilMs).sort((a, b) => b.at - a.at);
}

/** Marks for the axes of time. */
export function marksOf(known: KnownPast): LineMark[] {
  return happenings(known).map(({ at, kind }) => ({ at, kind }));
}

/** More than that nobody reads; the charts have all of them. */
const HAPPENINGS_MAX = 50;

/** What happened meanwhile, newest first, each with the stroke that marks it in the charts. */
export function happened(known: KnownPast, timeZone: string): TemplateResult {
  const all = happenings(known);
  const unknownSince = known.history.firmware.find(({ since }) => since === null);
  return html`<h3>${msg('What happened')}</h3>
    ${
      all.length === 0
        ? html`<p class="muted">${msg('No restart, no new firmware and no alert in this time.')}</p>`
        : html`<ul class="happened">${all.slice(0, HAPPENINGS_MAX).map(
            ({ at, kind, words }) => html`<li>
              <span class="mark ${kind}" aria-hidden="true"></span>
              <span>${words} <span class="muted small">${dateTime(at, timeZone)}</span></span>
            </li>`,
          )}</ul>`
    }
    ${adviceOn(known.history.restarts).map((words) => html`<p class="advice">${words}</p>`)}
    ${
      unknownSince
        ? html`<p class="muted small">${msg('Before anything that is kept it had firmware')}
            <bdi>${unknownSince.version}</bdi>.</p>`
        : nothing
    }`;
}

/** Hours or days, newest first, also those in which nothing came. */
export function numbersTable(
  rows: readonly PastRow[],
  timeZone: string,
  hasFigures: boolean,
): TemplateResult {
  const isHours = isByHour(rows);
  const time = dates(
    localeOf(),
    isHours
      ? { timeZone, dateStyle: 'short', timeStyle: 'short' }
      : { timeZone, dateStyle: 'medium' },
  );
  const row = (one: PastRow) => html`<tr><th scope="row">${time.format(one.startMs)}</th>
    <td>${figure(one.readings)}</td>
    ${hasFigures ? html`<td>${figure(one.visits)}</td>` : nothing}
    <td>${one.signal ? dbm(one.signal.mean) : '–'}</td>
    <td>${figure(one.waiting)}</td><td>${figure(one.failures)}</td>
    <td>${figure(one.dropped)}</td>
    <td>${one.free_kib === null ? '–' : kilobytes(one.free_kib)}</td></tr>`;
  const head = (words: string) => html`<th scope="col">${words}</th>`;
  const title = msg('The same numbers as a table');
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${title}><table>
    <thead><tr>${head(isHours ? msg('Hour from') : msg('Day'))}${head(msg('Readings'))}
      ${hasFigures ? head(msg('Visits')) : nothing}${head(msg('Mean signal'))}
      ${head(msg('Most waiting'))}${head(msg('Most failed tries'))}${head(msg('Left out'))}${head(msg('Free memory'))}</tr>
    </thead><tbody>${rows.toReversed().map(row)}</tbody></table></div>`;
}
