/** A sensor's settings in words of the page: zones, stays, intervals. Knows no element. */
import { msg, str } from '@lit/localize';
import type { Setting } from '../app/sensor-settings.ts';
import { span } from './format.ts';

export const ZONES = [
  'rssi_immediate_threshold',
  'rssi_near_threshold',
  'rssi_far_threshold',
] as const;
export const STAYS = [
  'dwell_short_threshold',
  'dwell_medium_threshold',
  'dwell_long_threshold',
] as const;
export const MINUTE_MS = 60_000;

const dbm = (n: number): string => `${n < 0 ? '−' : ''}${Math.abs(n)} dBm`;

/** The owner's words, nearest first; beyond the last one is Walking Past, or Loyal Customer. */
export function zoneLabel(i: number): string {
  return [msg('At Counter'), msg('In Store'), msg('Window Shopping')][i] ?? '';
}

/** Shortest first. */
export function stayLabel(i: number): string {
  return [msg('Quick Glance'), msg('Browsing'), msg('Shopping')][i] ?? '';
}

/** How a setting is called. */
export function settingLabel(name: Setting): string {
  const [zone, stay] = [indexIn(ZONES, name), indexIn(STAYS, name)];
  if (zone >= 0) return zoneLabel(zone);
  if (stay >= 0) return stayLabel(stay);
  return name === 'report_interval_ms' ? msg('Readings') : msg('Sign of life');
}

const indexIn = (all: readonly string[], name: string): number => all.indexOf(name);

/** What it is set to. @param value dBm, minutes or milliseconds */
export function settingValue(name: Setting, value: number): string {
  if (name.startsWith('rssi')) return msg(str`stronger than ${dbm(value)}`);
  if (name.startsWith('dwell')) return msg(str`under ${span(value * MINUTE_MS)}`);
  return msg(str`every ${span(value)}`);
}

/** By how much a slider moves it. */
export function settingStep(name: Setting): number {
  if (name === 'report_interval_ms') return MINUTE_MS;
  return name === 'heartbeat_interval_ms' ? 60 * MINUTE_MS : 1;
}
