/** The bench's log as people look through it: search, and a file for spreadsheets. Pure. */
import { msg, str } from '@lit/localize';
import type { LogAction, LogLine, LogResult } from './bench-log.ts';
import { type Cell, csvOf } from './csv.ts';

/** What is said of a place whose name this device does not know. */
export type PlaceName = (locationId: string) => string | null;

export function actionWords(action: LogAction): string {
  return {
    prepare: msg('Preparation'),
    bringup: msg('Link test'),
    flash: msg('Firmware'),
    verify: msg('Inspection'),
  }[action];
}

export function resultWords({
  result,
  isQueued,
  confirmedAt,
}: Pick<LogLine, 'result' | 'isQueued' | 'confirmedAt'>): string {
  const waits = isQueued && !confirmedAt;
  const words: Record<LogResult, string> = {
    running: msg('at work'),
    done: waits ? msg('done, waits to be registered') : msg('done'),
    failed: msg('failed'),
    cancelled: msg('stopped'),
    broken_off: msg('broken off'),
  };
  return words[result];
}

/** What both apps are called, for who compares two units. */
export function versionWords({ jambox, provisioning }: LogLine): string {
  if (jambox === null || provisioning === null) return '';
  return msg(str`JamBox ${jambox}, test firmware ${provisioning}`);
}

/**
 * Lines in which every word of `sought` stands, in any field, whatever its case.
 * @param told what the page says of a line, e.g. its time as it is written there
 */
export function found(
  lines: readonly LogLine[],
  sought: string,
  placeName: PlaceName,
  told: (line: LogLine) => string = () => '',
): LogLine[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...lines];
  return lines.filter((line) => {
    const place = line.locationId === null ? null : placeName(line.locationId);
    const text = [
      ...[line.mac, line.deviceId, line.by, line.trouble, place, line.locationId, line.stage],
      ...[actionWords(line.action), resultWords(line), versionWords(line), isoOf(line.beganAt)],
      told(line),
    ];
    const all = text.join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Column names and coded words are the same in every language, for who works with the file. */
const HEAD = [
  ...['began_utc', 'ended_utc', 'seconds', 'mac', 'device_id', 'action', 'result', 'stage'],
  ...['trouble', 'registration', 'location_id', 'location', 'jambox', 'provisioning'],
  ...['signal_dbm', 'by'],
];

export function logCsv(lines: readonly LogLine[], placeName: PlaceName): string {
  return csvOf([HEAD, ...lines.map((line) => rowOf(line, placeName))]);
}

function rowOf(line: LogLine, placeName: PlaceName): Cell[] {
  const { beganAt, endedAt, locationId } = line;
  const seconds = endedAt === null ? null : Math.round((endedAt - beganAt) / 100) / 10;
  const ended = endedAt === null ? null : isoOf(endedAt);
  return [
    ...[isoOf(beganAt), ended, seconds, line.mac, line.deviceId, line.action, line.result],
    ...[line.stage, line.trouble, line.isQueued && !line.confirmedAt ? 'waits' : null, locationId],
    ...[locationId === null ? null : placeName(locationId), line.jambox, line.provisioning],
    ...[line.signalDbm, line.by],
  ];
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
