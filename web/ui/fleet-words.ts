/** What is done with many sensors, whom it leaves out and what failed, in words. No element. */
import { msg, str } from '@lit/localize';
import type { FleetUnit } from '../../shared/contracts/fleet.ts';
import { type Cell, csvOf } from '../app/csv.ts';
import type { FleetWish, LeftOut } from '../app/fleet-plan.ts';
import type { FailedOutcome } from '../app/fleet-run.ts';
import type { Question } from '../app/question.ts';
import { SETTINGS } from '../app/sensor-settings.ts';
import { figure, plural } from './format.ts';
import { commandWord, statusWord } from './sensor-words.ts';
import { settingLabel, settingValue } from './setting-words.ts';

/** `Readings every 10 minutes`, or the command. */
export function wishWords({ config, command }: FleetWish): string {
  if (!config) return commandWord(command);
  return SETTINGS.flatMap((name) => {
    const value = config[name];
    return value === undefined ? [] : [`${settingLabel(name)} ${settingValue(name, value)}`];
  }).join(', ');
}

/** `2,400 sensors`. */
export function sensorsWords(n: number): string {
  const many = figure(n);
  return plural(n, { one: msg('1 sensor'), other: msg(str`${many} sensors`) });
}

/** Why some are left out before anything is sent, as the name of a list. */
export function leftOutWords(why: LeftOut, { config }: FleetWish): string {
  switch (why) {
    case 'already':
      return config ? msg('Set like that already') : msg('Waiting for the same already');
    case 'out_of_service':
      return statusWord('inactive');
    case 'old_firmware':
      return msg('Firmware too old for it');
    case 'forbidden':
    case 'clash':
    case 'gone':
      return failureWords(FAILURE_OF[why]);
  }
}

const FAILURE_OF = { forbidden: 'forbidden', clash: 'invalid', gone: 'not_found' } as const;

/** Why it did not reach one. */
export function failureWords(outcome: FailedOutcome): string {
  switch (outcome) {
    case 'conflict':
      return msg('Somebody else changed it meanwhile');
    case 'invalid':
      return msg('Its other settings do not go with it');
    case 'forbidden':
      return msg('You have no work order there');
    case 'not_found':
      return msg('Not yours to see any more');
  }
}

/** What is asked before a wish that interrupts counting; null: nothing is. */
export function questionOf({ command }: FleetWish, sensors: number): Question | null {
  if (command !== 'reboot' && command !== 'ota_check') return null;
  const who = sensorsWords(sensors);
  const words = { yes: commandWord(command), no: msg('Cancel') };
  if (command === 'reboot') {
    const facts = [msg('While a sensor restarts, about a minute, it counts nobody.')];
    return { title: msg(str`Restart ${who}?`), facts, ...words };
  }
  const facts = [
    msg('A sensor that finds one installs it and restarts: it counts nobody meanwhile.'),
  ];
  return { title: msg(str`Let ${who} look for new firmware?`), facts, ...words };
}

/** One that is not in the list any more. */
export const unknownUnit = (device_id: string): FleetUnit => ({
  ...{ device_id, name: null, location_id: null, location_name: null, firmware: null },
  ...{ status: 'active', state: 'new', anomaly: null, broken_receivers: [], quality: null },
  ...{ last_seen_at: null, cell_rssi_dbm: null, battery_pct: null },
  ...{ latitude: null, longitude: null },
});

/** Sensors with why, as a file for a spreadsheet. */
export function sensorsCsv(rows: readonly { unit: FleetUnit; why: string }[]): string {
  const head = [msg('Sensor'), msg('Name'), msg('Place'), msg('Firmware'), msg('Reason')];
  return csvOf([
    head,
    ...rows.map(({ unit, why }): Cell[] => [
      ...[unit.device_id, unit.name, unit.location_name, unit.firmware, why],
    ]),
  ]);
}
