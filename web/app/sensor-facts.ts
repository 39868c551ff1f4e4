/** What is known of a sensor, and what it becomes by changes that wait. Pure. */
import type { Alert } from '../../shared/contracts/alert.ts';
import type { CommandPage } from '../../shared/contracts/command.ts';
import type { VersionedConfig } from '../../shared/contracts/config.ts';
import type { FleetUnit, UnitDetail } from '../../shared/contracts/fleet.ts';
import type { NewChange } from './changes.ts';
import { isOfSensor, type SensorWish, type Wish } from './wishes.ts';

export type { SensorWish } from './wishes.ts';

export type SentCommand = CommandPage['commands'][number];

export interface SensorFacts {
  detail: UnitDetail;
  config: VersionedConfig;
  /** Newest first. */
  commands: readonly SentCommand[];
  alerts: readonly Alert[];
}

type Waiting = Pick<NewChange, 'wish' | 'trouble'>;

/**
 * The facts once these changes of it have been taken, in this order. The settings' version is the
 * one that they will have then, so that a change made on them can name it; what the sensor fetched
 * and uses stays as it is.
 */
export function laidOver(facts: SensorFacts, changes: readonly Waiting[]): SensorFacts {
  return changes.reduce((sum, { wish, trouble }) => after(sum, wish, trouble === null), facts);
}

/** A sensor of the list after these changes of it. @param nameOf of a location; null: not known */
export function rowLaidOver<U extends FleetUnit>(
  unit: U,
  changes: readonly Waiting[],
  nameOf: (locationId: string) => string | null,
): U {
  let row = unit;
  for (const { wish } of changes) row = { ...row, ...rowAfter(row, wish, nameOf) };
  return row;
}

function after(facts: SensorFacts, wish: Wish, raises: boolean): SensorFacts {
  const { config, alerts } = facts;
  if (wish.what === 'sensor_settings') {
    const config_version = config.config_version + (raises ? 1 : 0);
    return { ...facts, config: { ...config, ...wish.change, config_version } };
  }
  if (wish.what === 'sensor_alert') {
    const isIt = ({ kind, started }: Alert) => kind === wish.kind && started === wish.started;
    const known = (alert: Alert) => {
      return { ...alert, acknowledged_at: alert.acknowledged_at ?? alert.started_at };
    };
    return { ...facts, alerts: alerts.map((one) => (isIt(one) ? known(one) : one)) };
  }
  return { ...facts, detail: { ...facts.detail, ...rowAfter(facts.detail, wish, () => null) } };
}

function rowAfter(
  { location_id, location_name }: FleetUnit,
  wish: Wish,
  nameOf: (locationId: string) => string | null,
): Partial<UnitDetail> {
  switch (wish.what) {
    case 'sensor_name':
      return { name: wish.name };
    case 'sensor_place':
      if (wish.to === location_id) return { location_name };
      return { location_id: wish.to, location_name: nameOf(wish.to) ?? wish.to };
    case 'sensor_spot': {
      const { latitude, longitude } = wish;
      return { latitude, longitude, place_source: 'manual', accuracy_m: null };
    }
    case 'sensor_status':
      return { status: wish.status };
    case 'sensor_flag':
      return { anomaly: null };
    default:
      return {};
  }
}

/** The facts as the backend has just told that they are, where a change met something else. */
export function toldInstead(facts: SensorFacts, wish: Wish, present: unknown): SensorFacts {
  const { detail } = facts;
  switch (wish.what) {
    case 'sensor_settings': {
      const config = present as VersionedConfig;
      const { config_version } = config;
      return { ...facts, config, detail: { ...detail, config_version } };
    }
    case 'sensor_name':
      return { ...facts, detail: { ...detail, name: present as string | null } };
    case 'sensor_status':
      return { ...facts, detail: { ...detail, status: present as UnitDetail['status'] } };
    case 'sensor_flag': {
      const since = detail.anomaly?.since ?? '';
      const reason = present as string | null;
      return {
        ...facts,
        detail: { ...detail, anomaly: reason === null ? null : { reason, since } },
      };
    }
    case 'sensor_place':
    case 'sensor_spot': {
      const place = present as Pick<UnitDetail, 'location_id' | 'latitude' | 'longitude'>;
      const isThere = place.location_id === detail.location_id;
      const location_name = isThere ? detail.location_name : place.location_id;
      return { ...facts, detail: { ...detail, ...place, location_name } };
    }
    default:
      return facts;
  }
}

/** The wish as if it had been made on these facts. */
export function madeOnFacts(wish: SensorWish, { detail, config }: SensorFacts): SensorWish {
  switch (wish.what) {
    case 'sensor_settings':
      return { ...wish, version: config.config_version };
    case 'sensor_name':
      return { ...wish, seen: detail.name };
    case 'sensor_place':
      return { ...wish, seen: detail.location_id };
    case 'sensor_spot': {
      const { latitude, longitude } = detail;
      return { ...wish, seen: { latitude, longitude } };
    }
    case 'sensor_status':
      return { ...wish, seen: detail.status };
    case 'sensor_flag':
      return { ...wish, seen: detail.anomaly?.reason ?? '' };
    default:
      return wish;
  }
}

/** The same as if that were wanted which is there now; null where that is no wish. */
export function wishOfFacts(wish: SensorWish, { detail, config }: SensorFacts): SensorWish | null {
  switch (wish.what) {
    case 'sensor_settings': {
      const names = Object.keys(wish.change) as (keyof typeof wish.change)[];
      const change = Object.fromEntries(names.map((name) => [name, config[name]]));
      return { ...wish, change };
    }
    case 'sensor_name':
      return { ...wish, name: detail.name };
    case 'sensor_place':
      return detail.location_id === null ? null : { ...wish, to: detail.location_id };
    case 'sensor_spot': {
      const { latitude, longitude } = detail;
      return latitude === null || longitude === null ? null : { ...wish, latitude, longitude };
    }
    case 'sensor_status':
      return { ...wish, status: detail.status };
    default:
      return null;
  }
}

/** The changes that are about this sensor, in their order. */
export function changesOf<C extends NewChange>(changes: readonly C[], deviceId: string): C[] {
  return changes.filter(({ place, wish }) => place === deviceId && isOfSensor(wish));
}
