/**
 * A sensor's state, its concerns and what it was told to do, in words of the page. Knows no
 * element.
 */
import { msg } from '@lit/localize';
import type { AlertKind } from '../../shared/contracts/alert.ts';
import type { CommandName } from '../../shared/contracts/command.ts';
import type { FleetUnit } from '../../shared/contracts/fleet.ts';
import type { ChangeState } from '../app/fleet.ts';
import type { Concern, FleetStateFilter } from '../app/fleet-filter.ts';
import type { AdminStatus, SentCommand } from '../app/sensor.ts';
import { ago } from './format.ts';

export function stateWord(state: FleetUnit['state']): string {
  switch (state) {
    case 'online':
      return msg('Online');
    case 'late':
      return msg('Late');
    case 'silent':
      return msg('Silent');
    case 'new':
      return msg('Never heard');
  }
}

export function filterWord(state: FleetStateFilter): string {
  if (state === 'all') return msg('All');
  return state === 'attention' ? msg('To look at') : stateWord(state);
}

export function statusWord(status: AdminStatus): string {
  switch (status) {
    case 'active':
      return msg('In service');
    case 'maintenance':
      return msg('In maintenance');
    case 'inactive':
      return msg('Out of service');
  }
}

/** `Late, 20 minutes ago`. @param nowMs Unix milliseconds by the backend's clock */
export function heardWords({ state, last_seen_at }: FleetUnit, nowMs: number): string {
  const word = stateWord(state);
  return last_seen_at === null ? word : `${word}, ${ago(Date.parse(last_seen_at), nowMs)}`;
}

/** What is not as it should be, beyond what its state says already; null: nothing. */
export function concernWord(concern: Concern): string | null {
  switch (concern) {
    case 'anomaly':
      return msg('Numbers in doubt');
    case 'receiver':
      return msg('A receiver does not listen');
    case 'degraded':
      return msg('Incomplete data');
    case 'silent':
    case 'late':
      return null;
  }
}

/** What became of what somebody changed of it. */
export function changeWord(state: ChangeState): string {
  return state === 'waiting' ? msg('Change waiting') : msg('Change not taken');
}

export function alertWord(kind: AlertKind): string {
  switch (kind) {
    case 'silent':
      return msg('Not heard for a day');
    case 'anomaly':
      return msg('Numbers in doubt');
    case 'credential':
      return msg('Somebody gave it a new key');
    case 'radio':
      return msg('A receiver does not listen');
  }
}

/** In the order in which they are offered. */
export const COMMANDS: readonly CommandName[] = [
  ...(['send_now', 'geolocate', 'ota_check', 'fetch_config', 'reboot'] as const),
];

export function commandWord(command: CommandName): string {
  switch (command) {
    case 'send_now':
      return msg('Send now');
    case 'reboot':
      return msg('Restart');
    case 'geolocate':
      return msg('Find its place');
    case 'ota_check':
      return msg('Look for new firmware');
    case 'fetch_config':
      return msg('Fetch its settings');
  }
}

/** What becomes of it when it is carried out. */
export function commandHelp(command: CommandName): string {
  switch (command) {
    case 'send_now':
      return msg('It sends what it has counted without waiting for its interval.');
    case 'reboot':
      return msg('It starts anew and counts again after about a minute; what it has kept stays.');
    case 'geolocate':
      return msg('It scans the networks around it, from which its place is worked out.');
    case 'ota_check':
      return msg('It asks for a newer firmware, and installs one that is meant for it.');
    case 'fetch_config':
      return msg('It fetches its settings, even if it thinks that it has them.');
  }
}

export function fateWords({ outcome, delivered_at }: SentCommand): string {
  switch (outcome) {
    case null:
      return delivered_at === null
        ? msg('waits until the sensor next reports')
        : msg('handed over, not confirmed yet');
    case 'delivered':
      return msg('handed over');
    case 'acked':
      return msg('carried out');
    case 'superseded':
      return msg('replaced by a later one');
    case 'expired':
      return msg('expired before the sensor reported');
  }
}
