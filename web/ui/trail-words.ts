/** Who changed what about a sensor, in words of the page. Knows no element. */
import { msg, str } from '@lit/localize';
import * as v from 'valibot';
import { CommandName } from '../../shared/contracts/command.ts';
import type { TrailActor, UnitTrail } from '../../shared/contracts/history.ts';
import { localeOf, numbers, span } from './format.ts';
import { dbm } from './past-words.ts';
import { commandWord, statusWord } from './sensor-words.ts';

type Change = UnitTrail['changes'][number];
type Facts = Change['before'];

export function actorWords({ is, email }: TrailActor): string {
  if (email !== null) return email;
  switch (is) {
    case 'you':
      return msg('you');
    case 'owner':
      return msg('an owner');
    case 'staff':
      return msg('somebody of the staff');
    case 'installer':
      return msg('the installer');
    case 'operator':
      return msg('the operator');
    case 'system':
      return msg('by itself');
    case 'somebody':
      return msg('somebody who is not here any more');
  }
}

export function changeWords(action: Change['action']): string {
  switch (action) {
    case 'unit.register':
    case 'unit.replace':
      return msg('Prepared and registered');
    case 'unit.reissue':
      return msg('Given a new key');
    case 'unit.activate':
      return msg('Activated by its label');
    case 'unit.rename':
      return msg('Renamed');
    case 'unit.move':
      return msg('Moved');
    case 'unit.status':
      return msg('Taken into or out of service');
    case 'unit.config':
      return msg('Settings changed');
    case 'unit.command':
      return msg('Told something');
    case 'unit.pin':
      return msg('Given a new PIN');
    case 'unit.unlock_pin':
      return msg('PIN unlocked');
    case 'unit.clear_anomaly':
      return msg('Flag taken off');
    case 'unit.sums':
      return msg('Readings taken into or out of the sums');
    default:
      return action;
  }
}

/** What it was and is, a phrase for each fact that says something to a reader. */
export function factWords(
  before: Facts,
  after: Facts,
  places: ReadonlyMap<string, string>,
): string[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names.flatMap((name) => {
    const label = labelOf(name);
    if (label === null) return [];
    const [was, is] = [before?.[name], after?.[name]];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    const [from, to] = [was, is].map((value) => valueWords(name, value, places));
    const hasBefore = before !== null && name in before && was !== null;
    return [hasBefore ? `${label}: ${from} → ${to}.` : `${label}: ${to}.`];
  });
}

function labelOf(name: string): string | null {
  switch (name) {
    case 'name':
      return msg('Name');
    case 'location_id':
      return msg('Place');
    case 'latitude':
      return msg('Latitude');
    case 'longitude':
      return msg('Longitude');
    case 'status':
      return msg('State');
    case 'command':
      return msg('Command');
    case 'firmware':
      return msg('Firmware');
    case 'report_interval_ms':
      return msg('Readings');
    case 'reason':
      return msg('Reason');
    case 'from':
      return msg('From');
    case 'to':
      return msg('To');
    case 'counted':
      return msg('Counted');
    case 'rssi_immediate_threshold':
      return msg('At Counter');
    case 'rssi_near_threshold':
      return msg('In Store');
    case 'rssi_far_threshold':
      return msg('Window Shopping');
    case 'dwell_short_threshold':
      return msg('Quick Glance');
    case 'dwell_medium_threshold':
      return msg('Browsing');
    case 'dwell_long_threshold':
      return msg('Shopping');
    case 'heartbeat_interval_ms':
      return msg('Sign of life');
    case 'wifi_channels':
      return msg('Channels');
    default:
      return null;
  }
}

function valueWords(name: string, value: unknown, places: ReadonlyMap<string, string>): string {
  if (value === null || value === undefined) return '–';
  if (name === 'location_id') return places.get(String(value)) ?? String(value);
  if (name.endsWith('_interval_ms')) return msg(str`every ${span(Number(value))}`);
  if (name.startsWith('rssi')) return msg(str`stronger than ${dbm(Number(value))}`);
  if (name.startsWith('dwell')) return msg(str`under ${span(Number(value) * 60_000)}`);
  if (name === 'command') {
    const command = v.safeParse(CommandName, value);
    return command.success ? `“${commandWord(command.output)}”` : String(value);
  }
  const isStatus = value === 'active' || value === 'inactive' || value === 'maintenance';
  if (name === 'status' && isStatus) return statusWord(value);
  if (typeof value === 'boolean') return value ? msg('yes') : msg('no');
  if (typeof value !== 'number') return String(value);
  return signed(value);
}

const signed = (n: number) =>
  numbers(localeOf(), { maximumFractionDigits: 4 }).format(n).replace('-', '−');
